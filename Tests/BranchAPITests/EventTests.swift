import Appliance
import Testing
import branch_fixture

@testable import BranchAPI

@Suite("Events of the branch API", .timeLimit(.minutes(2)))
struct EventTests {
  @Test("What happens arrives as it happens, in order, on either side")
  func live() async throws {
    try await TestBranch.run { branch in
      for side in TestClient.Side.allCases {
        try await TestClient.with(branch, side) { client in
          var stream = try await TestStream(client)
          branch.appliance.happen(.card, "entered", text: "a card: 카드")
          branch.appliance.happen(.phase, "identifying")
          let first = try await stream.event()
          let second = try await stream.event()
          #expect(first.value == "entered" && first.text == "a card: 카드")
          #expect(second.kind == .phase && second.id == first.id + 1)
        }
      }
    }
  }

  @Test("A stream resumes after the last event it had, without gap or repetition")
  func resume() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        var stream = try await TestStream(client)
        for number in 1...3 { branch.appliance.happen(.notice, "\(number)") }
        let first = try await stream.next()
        var resumed = try await TestStream(client, after: first.id)
        #expect(try await resumed.event().value == "2")
        #expect(try await resumed.event().value == "3")
        branch.appliance.happen(.notice, "4")
        #expect(try await resumed.event().value == "4")
      }
    }
  }

  @Test(
    "Of an event of another start, or of none, a stream begins with a reset",
    arguments: ["0-1", "00000000-1", "x", "-", "1", "99999999999999999999-1", "-1"])
  func reset(last: String) async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        var stream = try await TestStream(client, after: last)
        let reset = try await stream.next()
        #expect(reset.event == "reset" && reset.data == "{}")
        branch.appliance.happen(.notice, "after")
        #expect(try await stream.event().value == "after")
        // From the reset on there is a history again.
        var resumed = try await TestStream(client, after: reset.id)
        #expect(try await resumed.event().value == "after")
      }
    }
  }

  @Test("An idle stream says that it lives")
  func heartbeat() async throws {
    try await TestBranch.run {
      $0.heartbeatSeconds = 1
    } _: { branch in
      try await TestClient.with(branch) { client in
        var stream = try await TestStream(client)
        #expect(try await stream.piece()?.isComment == true)
        #expect(try await stream.piece()?.isComment == true)
      }
    }
  }

  @Test("The history has the last 256 events; whoever is behind it is told")
  func ring() {
    let hub = EventHub(streamLimit: 1, start: "a")
    for id in 1...300 { hub.append(Self.event(Int64(id))) }
    guard case .events(let kept, first: 45) = hub.events(after: 44), kept.first?.id == 45 else {
      Issue.record("the oldest of 256 is not there")
      return
    }
    guard case .lost(newest: 300) = hub.events(after: 43) else {
      Issue.record("an event is missing silently")
      return
    }
    guard case .events(let none, first: _) = hub.events(after: 300), none.isEmpty else {
      Issue.record("there is something after the newest")
      return
    }
    guard case .lost = hub.events(after: 301) else {
      Issue.record("a position that was never given is taken")
      return
    }
  }

  @Test("An event that was lost on the way is missing for everybody, and said to be")
  func gap() {
    let hub = EventHub(streamLimit: 1, start: "a")
    hub.append(Self.event(7))
    hub.append(Self.event(9))
    guard case .lost(newest: 3) = hub.events(after: 1) else {
      Issue.record("a gap is passed over")
      return
    }
    guard case .events(let events, first: 3) = hub.events(after: 2), events.map(\.id) == [9] else {
      Issue.record("what came after the gap is not there")
      return
    }
  }

  @Test("There are so many streams at most; one that its client leaves makes room at once")
  func bounded() async throws {
    try await TestBranch.run {
      $0.streamLimit = 1
    } _: { branch in
      try await TestClient.with(branch) { client in
        let stream = try await TestStream(client)
        let refused = try await client.get("/v1/events")
        #expect(refused.status == 503 && refused.problem?.code == "busy")
        withExtendedLifetime(stream) {}
      }
      try await TestClient.with(branch) { client in
        var reply = try await client.send(.HEAD, "/v1/events")
        while reply.status == 503 { reply = try await client.send(.HEAD, "/v1/events") }
        #expect(reply.status == 200)
      }
    }
  }

  @Test("A client that takes nothing is cut off, and holds up nobody")
  func slow() async throws {
    try await TestBranch.run {
      $0.writeSeconds = 1
      $0.streamLimit = 2
    } _: { branch in
      let idle = try RawConnection(path: branch.socket)
      try idle.send("GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n")
      try idle.receive(until: ": open")
      try await TestClient.with(branch) { client in
        var stream = try await TestStream(client)
        let text = String(repeating: "x", count: 8_192)
        // Each is taken by the one before the next comes, so that only the other falls behind.
        for number in 1...256 {
          branch.appliance.happen(.trouble, "\(number)", text: text)
          #expect(try await stream.event().value == "\(number)")
        }
        var metrics = try await client.get("/metrics").text
        while metrics.contains("smartotpd_branch_event_streams 2") {
          metrics = try await client.get("/metrics").text
        }
        #expect(metrics.contains("smartotpd_branch_event_streams 1"))
        branch.appliance.happen(.notice, "still there")
        #expect(try await stream.event().value == "still there")
      }
    }
  }

  @Test("A shutdown ends open streams, and closes the socket file")
  func shutdown() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        var stream = try await TestStream(client)
        await branch.group.triggerGracefulShutdown()
        try await stream.end()
      }
    }
  }

  private static func event(_ id: Int64) -> ApplianceEvent {
    ApplianceEvent(id: id, time: .init(0), kind: .notice, value: "v", text: "t")
  }
}
