/// A part of a list.
public struct Page<Item: Sendable & Codable>: Sendable, Codable {
  public let items: [Item]
  /// Asks for the next part; absent at the end.
  public let next: String?

  public init(items: [Item], next: String?) {
    self.items = items
    self.next = next
  }
}

/// Which part of a list: up to `limit` items after `cursor`.
public struct PageRequest: Hashable, Sendable {
  public static let limitRange = 1...200
  public static let defaultLimit = 50

  public let cursor: String?
  public let limit: Int

  public init(cursor: String? = nil, limit: Int = defaultLimit) {
    self.cursor = cursor
    self.limit = min(max(limit, Self.limitRange.lowerBound), Self.limitRange.upperBound)
  }
}

/// An RFC 9457 problem document.
public struct Problem: Hashable, Sendable, Codable {
  public let type: String
  public let title: String
  public let status: Int
  public let detail: String
  public let code: RefusalCode
  /// Names the request in the centre's log.
  public let requestId: String?

  public init(_ refusal: Refusal, requestId: String?) {
    type = refusal.code.type
    title = refusal.code.title
    status = refusal.code.httpStatus
    detail = refusal.detail
    code = refusal.code
    self.requestId = requestId
  }
}
