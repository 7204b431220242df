import Appliance
import AsyncHTTPClient
import Foundation
import NIOCore
import Testing

/// An open event stream, read piece by piece.
struct TestStream {
  struct Piece: Equatable {
    var id: String?
    var event: String?
    var data: String?
    var isComment = false
  }

  private var body: HTTPClientResponse.Body.AsyncIterator
  private var text = ""

  /// Returns when the server has opened it.
  init(_ client: TestClient, after last: String? = nil) async throws {
    let headers = last.map { [("Last-Event-ID", $0)] } ?? []
    let response = try await client.http.execute(
      client.request(.GET, "/v1/events", headers: headers), timeout: .seconds(60))
    try #require(response.status == .ok)
    try #require(response.headers["content-type"] == ["text/event-stream"])
    body = response.body.makeAsyncIterator()
    try #require(try await piece()?.isComment == true)
  }

  struct Ended: Error {}

  /// The next that is no comment.
  mutating func next() async throws -> Piece {
    while let piece = try await piece() {
      if !piece.isComment { return piece }
    }
    throw Ended()
  }

  /// The next event, as the appliance made it.
  mutating func event() async throws -> ApplianceEvent {
    let piece = try await next()
    let event = try JSONDecoder().decode(ApplianceEvent.self, from: Data((piece.data ?? "").utf8))
    #expect(piece.event == event.kind.rawValue)
    return event
  }

  /// Reads to the end.
  mutating func end() async throws {
    while try await piece() != nil {}
  }

  /// Up to the next empty line; nil at the end.
  mutating func piece() async throws -> Piece? {
    while true {
      if let end = text.range(of: "\n\n") {
        let block = String(text[..<end.lowerBound])
        text.removeSubrange(..<end.upperBound)
        return Self.parse(block)
      }
      guard let part = try await body.next() else { return nil }
      text += String(buffer: part)
    }
  }

  private static func parse(_ block: String) -> Piece {
    var piece = Piece()
    for line in block.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
      switch parts[0] {
      case "": piece.isComment = true
      case "id": piece.id = value
      case "event": piece.event = value
      case "data": piece.data = value
      default: break
      }
    }
    return piece
  }
}
