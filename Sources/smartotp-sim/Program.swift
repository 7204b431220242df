import ArgumentParser
import Glibc
import Simulation

@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smartotp-sim",
    abstract: "Simulates a PN532 reader with a card on a pseudo-terminal.")

  @Flag(help: "Take the time a real line, field and card would take.")
  var paced = false

  func run() throws {
    let credential = OATHCredential(
      name: "test", key: Array("12345678901234567890".utf8))
    let reader = try SimulatedReader(
      timing: paced ? .paced : .unpaced, cards: [OATHCard(credentials: [credential])])
    print(reader.connectionString)
    fflush(nil)
    while readLine() != nil {}
    reader.stop()
  }
}
