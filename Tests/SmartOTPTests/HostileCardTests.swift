import Simulation
import Testing

extension SmartOTPTests {
  /// Cards that kill other programs, or make them show their memory. Whole outputs are compared, so
  /// nothing but the expected line can be in them.
  @Suite("Hostile cards")
  struct HostileCardTests {
    @Test(
      "Activation data that lie are refused with the lie named",
      arguments: HostileActivation.all.map(\.name))
    func activation(name: String) async throws {
      let hostile = try #require(HostileActivation.all.first { $0.name == name })
      let field = try Field(
        OATHCard(
          activation: hostile.activation,
          credentials: [OATHCredential(name: "a", key: Cards.key)]))
      let outcome = try await field.run("code", "--at", "59", "--wait", "5")
      if let lie = HostileCards.lie(of: name) {
        expect(outcome, failure: "this card cannot be used: \(lie); use another card", status: 65)
      } else {
        expect(outcome, output: "287082\n")
      }
    }

    /// A card whose every answer is an attack, and what becomes of it.
    struct Attack: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var failure: String
      var status: Int32
      var answer: @Sendable ([UInt8]) -> CardAnswer
    }

    static let attacks = [
      Attack(
        testDescription: "a node address in each answer",
        failure: "the reader's driver crashed and is being restarted; tap again, or try another "
          + "card (signal 6)",
        status: 74, answer: HostileCards.nodeAddress),
      Attack(
        testDescription: "an answer that never ends",
        failure: "the card's answer is too long; this card cannot be used", status: 65,
        answer: HostileCards.endlessBlocks),
      Attack(
        testDescription: "61FF without end",
        failure: "the card's answer has no end; this card cannot be used", status: 65,
        answer: { _ in CardAnswer([0x61, 0xFF]) }),
      Attack(
        testDescription: "61FF without end, with data",
        failure: "the card's answer has no end; this card cannot be used", status: 65,
        answer: { _ in CardAnswer([UInt8](repeating: 0x71, count: 254) + [0x61, 0xFF]) }),
      Attack(
        testDescription: "6C00 again and again",
        failure: "the card contradicts itself about lengths; this card cannot be used", status: 65,
        answer: { _ in CardAnswer([0x6C, 0x00]) }),
      Attack(
        testDescription: "an answer of no bytes",
        failure: "the card's answer was cut off; try again", status: 65,
        answer: { _ in CardAnswer([]) }),
      Attack(
        testDescription: "an answer of one byte",
        failure: "the card's answer was cut off; try again", status: 65,
        answer: { _ in CardAnswer([0x90]) }),
      Attack(
        testDescription: "silence",
        failure: "the card did not answer in time; lay it flat on the reader and try again "
          + "(chip status 01)", status: 75, answer: { _ in CardAnswer(nil) }),
    ]

    @Test("An attack is one line and a status", arguments: attacks)
    func attack(attack: Attack) async throws {
      let field = try Field(ScriptedCard(respond: attack.answer))
      for command in [["code", "a"], ["card"]] {
        expect(
          try await field.start(command).end(), failure: attack.failure, status: attack.status)
      }
    }

    @Test("An attack behind an honest SELECT is no different", arguments: attacks)
    func lateAttack(attack: Attack) async throws {
      let field = try Field(
        ScriptedCard {
          $0.dropFirst().first == 0xA4
            ? CardAnswer([0x79, 3, 5, 7, 1, 0x71, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0x90, 0x00])
            : attack.answer($0)
        })
      expect(try await field.run("code", "a"), failure: attack.failure, status: attack.status)
    }
  }
}

/// What makes hostile cards hostile.
enum HostileCards {
  /// The answer carries a node address, at which libnfc aborts its process.
  static let nodeAddress: @Sendable ([UInt8]) -> CardAnswer = { _ in
    var answer = CardAnswer([0x90, 0x00])
    answer.nodeAddress = 0x05
    return answer
  }

  /// Every block announces another one.
  static let endlessBlocks: @Sendable ([UInt8]) -> CardAnswer = { _ in
    var answer = CardAnswer([UInt8](repeating: 0x55, count: 200))
    answer.neverEnds = true
    return answer
  }

  /// What is wrong with a card of `HostileActivation`; nil for one that is only odd.
  static func lie(of name: String) -> String? {
    switch name {
    case "ats-length-1", "ats-254-bytes", "ats-reserved-values", "uid-length-4", "uid-length-7",
      "uid-length-10":
      nil
    case "ats-length-2-promises-all": "the card's ATS announces bytes it does not have"
    case "ats-shorter-than-sent": "the card's activation data are longer than they say"
    case _ where name.starts(with: "ats-"): "the card's ATS states another length than it has"
    case "uid-length-0", "uid-length-lies": "the card's UID has an impossible length"
    case _ where name.starts(with: "uid-length-1"), "uid-length-20":
      name == "uid-length-1"
        ? "the card's UID is not 4, 7 or 10 bytes" : "the card's UID has an impossible length"
    case _ where name.starts(with: "uid-length-"): "the card's UID is not 4, 7 or 10 bytes"
    case "atqb-attrib-length-lies":
      "the card's answer to ATTRIB states another length than it has"
    case "atqb-not-50": "the card's ATQB does not begin with 50"
    default: "the card's activation data end too early"
    }
  }
}
