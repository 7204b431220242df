import SmartOTP
import Testing

@testable import CenterClient

@Suite("What the centre pushes")
struct UpdateTests {
  private static func event(_ id: Int64, transaction: Int64? = nil) -> String {
    """
    id: \(id)
    event: transaction-pending
    data: {"id":\(id),"kind":"transaction-pending","card":{"vendorCode":"K01",\
    "serial":"12345678"},"transaction":"T-\(transaction ?? id)","time":\(id)}


    """
  }

  private func firstUpdates(
    _ count: Int, after last: Int64? = nil,
    reply: @escaping @Sendable (ScriptedCenter.Request, Int) -> ScriptedCenter.Reply
  ) async throws -> (updates: [CenterUpdate], resumedAfter: [String?]) {
    try await withCenter(authority: try TestAuthority(), reply: Script(reply)) { client, center in
      var updates: [CenterUpdate] = []
      for await update in client.updates(after: last) {
        updates.append(update)
        if updates.count == count { break }
      }
      return (updates, center.requests.map { $0.headers.first(name: "Last-Event-ID") })
    }
  }

  private func ids(_ updates: [CenterUpdate]) -> [Int64] {
    updates.compactMap { if case .event(let event) = $0 { event.id } else { nil } }
  }

  @Test("A lost line is taken up after the last event, and no event comes twice")
  func resume() async throws {
    let (updates, resumed) = try await firstUpdates(8) { _, number in
      switch number {
      case 1: .events([": hello\n\n", Self.event(5) + Self.event(6), "id: 7\ndata: half"])
      case 2: .close
      default: .events([Self.event(6) + Self.event(7) + Self.event(9)])
      }
    }
    #expect(ids(updates) == [5, 6, 7, 9])
    #expect(resumed.prefix(3) == [nil, "6", "6"])
    #expect(updates.first == .connected)
    #expect(updates.count { $0 == .connected } == 2)
  }

  @Test("Events begin after the one the caller has seen")
  func after() async throws {
    let (updates, resumed) = try await firstUpdates(2, after: 41) { _, _ in
      .events([Self.event(41) + Self.event(42)])
    }
    #expect(ids(updates) == [42])
    #expect(resumed == ["41"])
  }

  @Test("What is pending at the beginning shares an id, and each of it is told once")
  func pending() async throws {
    let (updates, resumed) = try await firstUpdates(7) { _, number in
      let old = [1, 2, 1].map { Self.event(7, transaction: $0) }.joined()
      return .events([number == 1 ? old : old + Self.event(8)])
    }
    let transactions = updates.compactMap {
      if case .event(let event) = $0 { event.transaction?.text } else { nil }
    }
    #expect(transactions == ["T-1", "T-2", "T-8"])
    #expect(resumed.prefix(2) == [nil, "7"])
  }

  @Test("An event in pieces of one byte is one event; kinds of a later version are passed over")
  func pieces() async throws {
    let text = "event: news\ndata: {}\n\n" + Self.event(3)
    let (updates, _) = try await firstUpdates(2) { _, _ in
      .events(text.map(String.init))
    }
    #expect(ids(updates) == [3])
  }

  @Test("A refusal that will not pass ends the updates")
  func refused() async throws {
    try await withCenter(
      authority: try TestAuthority(),
      reply: Script { _, _ in .problem(403, #"{"code":"device-revoked","detail":"gone"}"#) }
    ) { client, center in
      var updates: [CenterUpdate] = []
      for await update in client.updates(after: nil) { updates.append(update) }
      #expect(updates == [.ended(.refused(Refusal(.deviceRevoked, "gone")))])
      #expect(center.requests.count == 1)
    }
  }

  @Test("A stream that is no centre's is given up and tried again")
  func nonsense() async throws {
    let (updates, _) = try await firstUpdates(4) { _, number in
      switch number {
      case 1: .events(["event: card-withdrawn\ndata: {\n\n"])
      case 2: .plain(200, "<html>")
      default: .events([Self.event(1)])
      }
    }
    #expect(
      Array(updates.prefix(2)) == [
        .connected, .disconnected(.malformedAnswer("an event of kind card-withdrawn")),
      ])
    #expect(ids(updates) == [1])
  }

  @Test("A consumer that is cancelled gets no more")
  func cancelled() async throws {
    try await withCenter(authority: try TestAuthority(), reply: Script { _, _ in .silence }) {
      client, _ in
      let listening = Task {
        var count = 0
        for await _ in client.updates(after: nil) { count += 1 }
        return count
      }
      listening.cancel()
      #expect(await listening.value == 0)
    }
  }
}
