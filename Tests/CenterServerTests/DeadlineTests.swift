import AsyncHTTPClient
import Center
import CenterServer
import Foundation
import NIOCore
import NIOHTTP1
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Clients that hold things up")
struct DeadlineTests {
  private static let request = Array(#"{"purpose":"device"}"#.utf8)

  /// Sends the first bytes of a body of so many, the rest after a signal.
  private func post(
    _ first: Int, to centre: TestCentre, as identity: ClientIdentity, rest: AsyncStream<Void>
  ) async throws -> HTTPResponseStatus {
    try await centre.with(identity) { client in
      var request = HTTPClientRequest(url: client.base + "/v1/registration-codes")
      request.method = .POST
      request.headers.add(name: "Content-Type", value: "application/json")
      let (head, tail) = (Self.request.prefix(first), Self.request.dropFirst(first))
      let parts = AsyncStream<ByteBuffer> { continuation in
        continuation.yield(ByteBuffer(bytes: head))
        let sending = Task {
          for await _ in rest { continuation.yield(ByteBuffer(bytes: tail)) }
          continuation.finish()
        }
        continuation.onTermination = { _ in sending.cancel() }
      }
      request.body = .stream(parts, length: .known(Int64(Self.request.count)))
      return try await client.http.execute(request, timeout: .seconds(60)).status
    }
  }

  @Test("A body that does not come whole is waited for until its deadline, and no longer")
  func body() async throws {
    var deadlines = ClientDeadlines()
    deadlines.body = .milliseconds(300)
    try await TestCentre.run(deadlines: deadlines) { centre in
      let bank = try await TestBank(centre)
      let (never, continuation) = AsyncStream<Void>.makeStream()
      await #expect(throws: HTTPClientError.remoteConnectionClosed) {
        try await post(3, to: centre, as: bank.issuer, rest: never)
      }
      continuation.finish()
    }
  }

  @Test("A body that comes in two parts in time is taken")
  func twoParts() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let (soon, continuation) = AsyncStream<Void>.makeStream()
      continuation.yield()
      continuation.finish()
      #expect(try await post(3, to: centre, as: bank.issuer, rest: soon) == .created)
    }
  }

  @Test("A stream that is not read is cut off, and another goes on where it ended")
  func slowReader() async throws {
    var deadlines = ClientDeadlines()
    deadlines.event = .milliseconds(300)
    // More than the buffers between the two ends hold.
    let count: Int64 = 60_000
    try await TestCentre.run(deadlines: deadlines) { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      _ = try await bank.add(card, to: device)
      try await centre.with(device.identity) { client in
        var stream = try await TestStream(client)
        try await centre.pushEvents(count)
        try await centre.reachesNoStreams()
        var last: Int64 = 0
        await #expect(throws: (any Error).self) {
          while true { last = try await stream.next().id }
        }
        #expect(last < count)
        var resumed = try await TestStream(client, after: last)
        for id in last + 1...last + 100 { #expect(try await resumed.next().id == id) }
      }
    }
  }
}

extension TestCentre {
  /// As many events for the first device as a bank makes in a year.
  fileprivate func pushEvents(_ count: Int64) async throws {
    try await store.write { work in
      try work.database.run(
        """
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
        INSERT INTO device_events (number, device, kind, card, transaction_id, time)
        SELECT n, devices.number, 'transaction-closed', cards.number, 'T-0000000000000000', ?
        FROM numbers, devices, cards
        """, .integer(count), .integer(UnixTime.now.seconds))
    }
  }

  fileprivate func reachesNoStreams() async throws {
    let local = TestClient(localPort: localPort)
    for _ in 0..<3000 {
      let text = String(decoding: try await local.get("/metrics").body, as: UTF8.self)
      if text.contains("\nsmartotp_event_streams 0\n") { return try await local.shutdown() }
      try await Task.sleep(for: .milliseconds(10))
    }
    try await local.shutdown()
    Issue.record("the stream was not cut off")
  }
}
