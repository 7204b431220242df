import Center
import SmartOTP

extension Call {
  /// The part of a list that `?cursor=…&limit=…` asks for. Other names are passed over.
  ///
  /// - Throws: `invalidValue` for a limit out of range or a cursor that no list has given.
  func page() throws(Refusal) -> PageRequest {
    var cursor: String?
    var limit = PageRequest.defaultLimit
    for pair in query.split(separator: "&", maxSplits: 32) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
      switch parts[0] {
      case "cursor": cursor = try Self.cursor(value)
      case "limit": limit = try Self.limit(value)
      default: continue
      }
    }
    return PageRequest(cursor: cursor, limit: limit)
  }

  private static func cursor(_ value: String?) throws(Refusal) -> String {
    guard let value, (1...128).contains(value.utf8.count),
      value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw Refusal(.invalidValue, "cursor: it is what a list gave as next") }
    return value
  }

  private static func limit(_ value: String?) throws(Refusal) -> Int {
    guard let value, value.utf8.first != UInt8(ascii: "+"), let limit = Int(value),
      PageRequest.limitRange.contains(limit)
    else { throw Refusal(.invalidValue, "limit: 1 to 200") }
    return limit
  }
}
