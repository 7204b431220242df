import ArgumentParser
import CenterStore

struct RekeyCommand: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "rekey",
    abstract: "Draws a new key-encryption key and encrypts every card's keys under it.",
    discussion: """
      Servers that run must be started again between --add and the rest, so that they know the new
      key:

        smartotp-center rekey --add      adds a key to the key file
        (start the servers again)
        smartotp-center rekey            encrypts everything under it; may be interrupted
      """)

  @Flag(help: "Only add a key to the key file.") var add = false
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let directory = local.data.directory
    if add {
      let id = try KeyRing.addKey(to: directory.keyFile)
      let name = hexadecimalName(id)
      try output.show(
        ["added": name], text: "added key \(name): start the servers again, then rekey")
      return
    }
    let store = try local.openStore()
    let count = try await store.rekey(as: local.caller)
    let inUse = try await store.keysInUse().map(hexadecimalName)
    try output.show(
      ["keysInUse": inUse],
      text: "\(count) values encrypted anew; keys in use: \(inUse.joined(separator: ", "))")
  }

  private func hexadecimalName(_ id: UInt32) -> String {
    let digits = String(id, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
