import AsyncHTTPClient
import Center
import Foundation
import NIOCore
import SmartOTP
import Testing

@Suite("Events for devices")
struct EventStreamTests {
  @Test("A stream begins with what is pending, goes on with what comes, and resumes after an event")
  func resume() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      _ = try await bank.add(card, to: device)
      let first = try await bank.post(card)
      try await centre.with(device.identity) { client in
        var stream = try await TestStream(client)
        #expect(try await stream.next().transaction == first.id)
        let second = try await bank.post(card)
        let pushed = try await stream.next()
        #expect(pushed.kind == .transactionPending && pushed.transaction == second.id)

        let third = try await bank.post(card)
        var resumed = try await TestStream(client, after: pushed.id)
        #expect(try await resumed.next().transaction == third.id)
        #expect(try await stream.next().transaction == third.id)
      }
    }
  }

  @Test(
    "An accepted code closes its transaction on the stream; a wrong one does not",
    .timeLimit(.minutes(1)))
  func verified() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      _ = try await bank.add(card, to: device)
      let posted = try await bank.post(card)
      try await centre.with(device.identity) { client in
        var stream = try await TestStream(client)
        #expect(try await stream.next().transaction == posted.id)
        let claimed = try await bank.claim(posted, card, on: device)
        let path = "/v1/transactions/\(claimed.id)/verification"
        try await centre.with(bank.issuer) { institution in
          let wrong: Verification = try await institution.post(path, card.wrongCode(for: claimed))
            .json()
          #expect(wrong.result == .wrong && wrong.transaction == .claimed)
        }
        let second = try await bank.post(card)
        // The next event: the wrong code brought none.
        #expect(try await stream.next().transaction == second.id)
        try await centre.with(bank.issuer) { institution in
          let right: Verification = try await institution.post(path, card.code(for: claimed))
            .json()
          #expect(right.result == .accepted)
        }
        let closed = try await stream.next()
        #expect(closed.kind == .transactionClosed && closed.transaction == posted.id)
      }
    }
  }

  @Test("The stream of a revoked device tells it to forget its cards, and ends")
  func revocation() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      _ = try await bank.add(card, to: device)
      try await centre.with(device.identity) { client in
        var stream = try await TestStream(client)
        _ = try await centre.with(bank.issuer) {
          try await $0.post(
            "/v1/devices/\(device.device.id)/revocation", CardWithdrawal(reason: "lost"))
        }
        #expect(try await stream.end() != nil)
        #expect(try await client.get("/v1/device").code == .certificateRevoked)
      }
    }
  }

  @Test("A stream without its device's certificate, or from an event that cannot be, is refused")
  func refused() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let device = try await bank.registerDevice()
      try await centre.with(device.identity) { client in
        let reply = try await client.send(
          .GET, "/v1/device/events", headers: [("Last-Event-ID", "x")])
        #expect(reply.code == .invalidValue)
      }
      let institution = try await centre.with(bank.issuer) {
        try await $0.get("/v1/device/events")
      }
      #expect(institution.code == .roleNotAllowed)
    }
  }

  @Test("A shutdown ends open streams and answers what it took", .timeLimit(.minutes(1)))
  func shutdown() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let device = try await bank.registerDevice()
      try await centre.with(device.identity) { client in
        var stream = try await TestStream(client)
        await centre.group.triggerGracefulShutdown()
        #expect(try await stream.end() == nil)
      }
    }
  }
}

/// An open event stream, read event by event.
struct TestStream {
  private var body: HTTPClientResponse.Body.AsyncIterator
  private var text = ""

  /// Returns when the server has opened it.
  init(_ client: TestClient, after last: Int64? = nil) async throws {
    var request = HTTPClientRequest(url: client.base + "/v1/device/events")
    if let last { request.headers.add(name: "Last-Event-ID", value: "\(last)") }
    let response = try await client.http.execute(request, timeout: .seconds(60))
    try #require(response.status == .ok)
    try #require(response.headers["content-type"] == ["text/event-stream"])
    body = response.body.makeAsyncIterator()
    try #require(try await block()?.hasPrefix(":") == true)
  }

  mutating func next() async throws -> DeviceEvent {
    while let block = try await block() {
      if let event = try Self.event(block) { return event }
    }
    throw StreamEnded()
  }

  /// Reads to the end; the last event before it.
  mutating func end() async throws -> DeviceEvent? {
    var last: DeviceEvent?
    while let block = try await block() { last = try Self.event(block) ?? last }
    return last
  }

  struct StreamEnded: Error {}

  private static func event(_ block: String) throws -> DeviceEvent? {
    var fields: [String: String] = [:]
    for line in block.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      fields[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    guard let data = fields["data"] else { return nil }
    let event = try JSONDecoder().decode(DeviceEvent.self, from: Data(data.utf8))
    #expect(fields["id"] == "\(event.id)" && fields["event"] == event.kind.rawValue)
    return event
  }

  /// Up to the next empty line.
  private mutating func block() async throws -> String? {
    while true {
      if let end = text.range(of: "\n\n") {
        let block = String(text[..<end.lowerBound])
        text.removeSubrange(..<end.upperBound)
        return block
      }
      guard let part = try await body.next() else { return nil }
      text += String(buffer: part)
    }
  }
}
