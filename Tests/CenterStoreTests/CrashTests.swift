import Foundation
import Testing

@Suite("A process that uses the store is killed")
struct CrashTests {
  private func storeKill(_ arguments: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = Bundle.main.bundleURL.appendingPathComponent("store-kill")
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test("Dead in the middle of a write, it leaves a store that is sound and goes on to the end")
  func atWrites() throws {
    // A sample; the program without --every dies in every write.
    let (status, output) = try storeKill("sweep", "--every", "37")
    #expect(status == 0, "\(output)")
  }

  @Test("Two under load and killed at random, nothing they had accepted is lost")
  func atRandom() throws {
    let (status, output) = try storeKill("storm", "--rounds", "3")
    #expect(status == 0, "\(output)")
  }
}
