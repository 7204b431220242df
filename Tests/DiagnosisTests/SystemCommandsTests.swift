import Testing

@testable import Diagnosis

@Suite("Programs asked by the checks")
struct SystemCommandsTests {
  private let commands = SystemCommands()

  @Test("What a program prints is returned")
  func output() async {
    #expect(await commands.output(of: ["echo", "a", "b"], within: 5000) == "a b\n")
  }

  @Test("A program that is missing, fails or hangs gives nothing")
  func nothing() async {
    #expect(await commands.output(of: ["no-such-program"], within: 5000) == nil)
    #expect(await commands.output(of: ["../bin/echo"], within: 5000) == nil)
    #expect(await commands.output(of: ["false"], within: 5000) == nil)
    #expect(await commands.output(of: ["sleep", "60"], within: 50) == nil)
    #expect(await commands.output(of: [], within: 50) == nil)
  }

  @Test("A program that prints without end is cut off")
  func endless() async {
    #expect(await commands.output(of: ["yes"], within: 100) == nil)
  }
}
