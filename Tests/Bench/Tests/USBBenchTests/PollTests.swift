import Testing
import USBBench

@Suite("smartotp poll while the reader comes and goes", .serialized)
struct PollTests {
  private let bench: USBBench

  init() throws { bench = try USBBench() }

  /// Lines of a program as they come.
  private func lines(_ program: ProgramUnderTest, _ count: Int) async -> [String] {
    var text = ""
    while text.count(where: { $0 == "\n" }) < count {
      let more = await program.nextOutput()
      guard !more.isEmpty else { break }
      text += more
    }
    return text.split(separator: "\n").map(String.init)
  }

  @Test(
    "It says that the reader went, and goes on when it is back", arguments: ReaderModel.allCases)
  func lostAndBack(_ model: ReaderModel) async throws {
    let hardware = try bench.attach(model, cards: [try BenchConnection.card()])
    let poll = try ProgramUnderTest("smartotp", ["poll"], on: bench)
    #expect(await lines(poll, 1).first?.hasPrefix("card-entered  type A") == true)
    hardware.unplug()
    #expect(
      await lines(poll, 1) == [
        "reader-lost  the reader failed: the reader is gone; plug it in again"
      ])
    try hardware.plugIn()
    let rest = await lines(poll, 2)
    #expect(rest.first == "reader-back" && rest.last?.hasPrefix("card-entered  type A") == true)
    poll.interrupt()
    let end = try await poll.end()
    #expect(end == .init(status: 130, output: "", errors: "smartotp: interrupted\n"))
  }

  @Test("Both are events in JSON")
  func json() async throws {
    let hardware = try bench.attach(.acr122u, cards: [try BenchConnection.card()])
    let poll = try ProgramUnderTest("smartotp", ["poll", "--json", "-r", "usb:1-1"], on: bench)
    _ = await lines(poll, 1)
    for card in hardware.cards { hardware.remove(card) }
    _ = await lines(poll, 1)
    hardware.unplug()
    #expect(
      await lines(poll, 1) == [
        #"{"event":"reader-lost","problem":"the reader failed: the reader is gone; plug it in again"}"#
      ])
    try hardware.plugIn()
    #expect(await lines(poll, 1) == [#"{"event":"reader-back"}"#])
    poll.interrupt()
    _ = try await poll.end()
  }

  @Test("With a time limit, a reader that is lost at the end is the failure")
  func timeLimit() async throws {
    let hardware = try bench.attach(.acr122u, cards: [try BenchConnection.card()])
    let poll = try ProgramUnderTest("smartotp", ["poll", "--for", "2"], on: bench)
    _ = await lines(poll, 1)
    hardware.unplug()
    let end = try await poll.end()
    #expect(
      end.status == 74 && end.errors.hasPrefix("smartotp: the reader failed: the reader is gone"))
  }

  @Test("An unnamed reader is found in another port, a named one is waited for")
  func otherPort() async throws {
    let first = try bench.attach(.acr122u, cards: [try BenchConnection.card()])
    let unnamed = try ProgramUnderTest("smartotp", ["poll"], on: bench)
    _ = await lines(unnamed, 1)
    first.unplug()
    #expect(await lines(unnamed, 1).first?.hasPrefix("reader-lost") == true)
    try bench.attach(.acr122u, port: "1-2", cards: [try BenchConnection.card()])
    let back = await lines(unnamed, 2)
    #expect(back.first == "reader-back" && back.last?.hasPrefix("card-entered") == true)
    unnamed.interrupt()
    _ = try await unnamed.end()
  }
}
