import ArgumentParser
import Center
import CenterStore
import Cryptography
import Foundation
import OneTimePassword
import SmartOTP

/// Sends every code of a file, and prints those that were accepted.
struct Sender: AsyncParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false)

  @Argument var path: String
  @Argument var codes: String
  @Option var callers = 16

  func run() async throws {
    let store = try SQLiteStore(path: path, keys: CardLife.ring())
    let lines = try String(contentsOfFile: codes, encoding: .utf8).split(separator: "\n")
    let accepted = try await withThrowingTaskGroup(of: [Substring].self) { group in
      for caller in 0..<callers {
        group.addTask {
          var accepted: [Substring] = []
          for index in stride(from: caller, to: lines.count, by: callers)
          where try await isAccepted(lines[index], by: store) {
            accepted.append(lines[index])
          }
          return accepted
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    for line in accepted { print(line) }
  }

  private func isAccepted(_ line: Substring, by store: SQLiteStore) async throws -> Bool {
    let parts = line.split(separator: " ").map(String.init)
    guard parts.count == 2, let code = OneTimeCode(asciiDigits: Array(parts[1].utf8)) else {
      throw Failure(what: "a line that is no id and code")
    }
    do {
      let verification = try await store.verify(
        TransactionID(accepted: parts[0]), code: code,
        as: Caller(.institution(CardLife.bank), at: CardLife.now))
      guard verification.result == .accepted else { throw Refusal(.internalError) }
      return true
    } catch let refusal as Refusal where refusal.code == .transactionState { return false }
  }
}

struct Duplicates: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Two processes send the same codes at once: each must be accepted once.")

  @Option(help: "How many codes; each is sent twice.")
  var codes = 10_000

  func run() async throws {
    let directory = try Scratch()
    let path = directory.file("duplicates.sqlite")
    let file = directory.file("codes.txt")
    try await Storm.prepare(path)
    let store = try SQLiteStore(path: path, keys: CardLife.ring())
    let lines = try await claimedCodes(in: store)
    try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)

    let start = ContinuousClock.now
    let children = try (0..<2).map { number in
      try Child(["sender", path, file], output: directory.file("accepted-\(number).txt"))
    }
    for child in children where child.wait() != .exited(0) {
      throw Failure(what: "a sender failed")
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let accepted = try children.map { try $0.lines() }
    guard (accepted[0] + accepted[1]).sorted() == lines.sorted() else {
      throw Failure(what: "not every code was accepted exactly once")
    }
    try await Storm.expectSound(store, "afterwards")
    print(
      "\(2 * codes) verifications by two processes in \(seconds) s: each of \(codes) codes accepted "
        + "once, \(accepted[0].count) by one and \(accepted[1].count) by the other")
  }

  private func claimedCodes(in store: SQLiteStore) async throws -> [String] {
    let callers = 32
    return try await withThrowingTaskGroup(of: [String].self) { group in
      for caller in 0..<callers {
        group.addTask {
          var lines: [String] = []
          for _ in stride(from: caller, to: codes, by: callers) {
            let (id, code) = try await Traffic.claimedCode(
              in: store, card: caller % Traffic.cardCount)
            lines.append("\(id) \(code.digitsText)")
          }
          return lines
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }
}
