import GRDB
import SmartOTP

/// A row with the number by which lists go on after it.
struct Numbered<Item: Sendable>: Sendable {
  let number: Int64
  let item: Item
}

extension PageRequest {
  /// The number after which the page begins.
  func start(default first: Int64) throws -> Int64 {
    guard let cursor else { return first }
    guard let number = Int64(cursor), number >= 0 else {
      throw Refusal(.invalidValue, "cursor: not one that this list gave")
    }
    return number
  }

  /// One more than is given, to know whether there is more.
  var rowLimit: SQLValue { .int(limit + 1) }
}

extension Page {
  init(_ rows: [Numbered<Item>], _ request: PageRequest) {
    let isMore = rows.count > request.limit
    let given = isMore ? Array(rows.prefix(request.limit)) : rows
    self.init(
      items: given.map(\.item), next: isMore ? given.last.map { String($0.number) } : nil)
  }
}
