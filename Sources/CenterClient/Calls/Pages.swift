import SmartOTP

extension CenterClient {
  /// Items a list may have in all: a bound, not a promise.
  static let maximumItemCount = 100_000

  /// Every item of a list, page after page.
  func all<Item: Sendable & Codable>(
    _ type: Item.Type = Item.self, at path: String
  ) async throws(CenterServiceError) -> [Item] {
    var items: [Item] = []
    var cursor: String?
    repeat {
      let page = try await page(of: type, at: path, PageRequest(cursor: cursor, limit: 200))
      items += page.items
      // A list that turns in a circle, or never ends.
      guard page.next != cursor || page.next == nil, items.count <= Self.maximumItemCount else {
        throw .malformedAnswer("a list without end")
      }
      cursor = page.next
    } while cursor != nil
    return items
  }

  func page<Item: Sendable & Codable>(
    of type: Item.Type = Item.self, at path: String, _ request: PageRequest
  ) async throws(CenterServiceError) -> Page<Item> {
    var query = [(name: "limit", value: String(request.limit))]
    if let cursor = request.cursor { query.append(("cursor", cursor)) }
    return try await value(of: .get(path, query: query))
  }
}
