import ArgumentParser
import Foundation
import SmartOTP

/// `--json`: how a command prints.
struct OutputOption: ParsableArguments {
  @Flag(help: "Print one JSON object a line.")
  var json = false

  /// Prints `value` as one JSON object, or `text`.
  func show(_ value: some Encodable, text: @autoclosure () -> String) throws {
    guard json else {
      print(text())
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Prints every item of a paged list, page by page.
  func list<Item>(
    text: (Item) -> String, page: (PageRequest) async throws -> Page<Item>
  ) async throws {
    var cursor: String?
    repeat {
      let part = try await page(
        PageRequest(cursor: cursor, limit: PageRequest.limitRange.upperBound))
      for item in part.items { try show(item, text: text(item)) }
      cursor = part.next
    } while cursor != nil
  }
}
