import ArgumentParser
import Foundation
import SmartOTP

/// `center-bench prepare`: a centre with something of everything, for programs that try its API.
struct Prepare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a centre with cards, devices and transactions, and clients for it.",
    discussion: """
      Beside the centre's own files the directory gets institution.pem and .key, device.pem and .key, \
      and in names/ a file for each kind of thing with the names there are, one a line.
      """)

  @Argument(help: "A directory that is not there yet.")
  var directory: String
  @Option(help: "The smartotp-center to run.")
  var server = ".build/release/smartotp-center"

  func run() async throws {
    let centre = try await PreparedCentre(cards: 4, server: server, directory: directory)
    _ = try await centre.verifications(16)
    try centre.bank.write(directory + "/institution")
    try centre.cards[0].device.write(directory + "/device")
    try FileManager.default.createDirectory(
      atPath: directory + "/names", withIntermediateDirectories: false)
    try write("serial", centre.cards.map(\.card.serial.text))
    try write("device", centre.cards.map(\.device.record.subject))
    try write("application", try await centre.applications().map(\.text))
    try write("transaction", try await centre.transactions().map(\.text))
    try write("registration", try await centre.registrations().map(\.text))
  }

  private func write(_ kind: String, _ names: [String]) throws {
    let text = names.joined(separator: "\n") + "\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/names/\(kind)"))
  }
}
