import Appliance
import BranchClient
import Testing
import branch_fixture

@Suite("Lending the reader", .timeLimit(.minutes(1)))
struct ReaderLoanTests {
  /// Waits for the next thing that happens to the reader.
  private func happens(
    _ value: String, to events: AsyncStream<ApplianceEvent>
  ) async {
    for await event in events where event.kind == .reader && event.value == value { return }
  }

  /// What a borrower that knows nothing of our client sends.
  private func borrow(_ branch: TestBranch) throws -> RawConnection {
    let connection = try RawConnection(path: branch.socket)
    try connection.send(
      "POST /v1/reader/loan HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
    try connection.receive(until: "event: lent")
    return connection
  }

  @Test("A program has the reader until it gives it back")
  func lent() async throws {
    try await TestBranch.run { branch in
      branch.appliance.change { $0.reader.connstring = "pn532_uart:/dev/ttyUSB0:115200" }
      let socket = try ApplianceSocket(path: branch.socket)
      #expect(await socket.readerName() == "pn532_uart:/dev/ttyUSB0:115200")
      let events = branch.appliance.events()
      let reader = try await socket.borrowReader()
      #expect(branch.appliance.loans == (1, 0))
      await reader.giveBack()
      await happens("back", to: events)
      #expect(branch.appliance.loans == (1, 1))
      await socket.close()
    }
  }

  @Test("One that ends without a word has given it back")
  func forgotten() async throws {
    try await TestBranch.run { branch in
      let events = branch.appliance.events()
      let connection = try borrow(branch)
      #expect(branch.appliance.loans == (1, 0))
      _ = consume connection
      await happens("back", to: events)
      #expect(branch.appliance.loans == (1, 1))
    }
  }

  @Test("While a transaction is at hand it is refused, in the appliance's words")
  func refused() async throws {
    try await TestBranch.run { branch in
      branch.appliance.refuseLoans(with: .unavailable("a transaction is at hand"))
      let socket = try ApplianceSocket(path: branch.socket)
      await #expect(throws: BorrowingFailure.self) { _ = try await socket.borrowReader() }
      #expect(branch.appliance.loans == (0, 0))
      await socket.close()
    }
  }

  @Test("A server that ends takes it back, and does not wait for the borrower")
  func serverEnds() async throws {
    try await TestBranch.run { branch in
      let events = branch.appliance.events()
      let connection = try borrow(branch)
      await branch.group.triggerGracefulShutdown()
      await happens("back", to: events)
      try connection.receive()
    }
  }

  @Test("Where nobody listens there is no appliance")
  func nobody() {
    #expect(throws: ApplianceSocket.Absence.nobody) {
      try ApplianceSocket(path: "/nonexistent/branch.sock")
    }
  }
}
