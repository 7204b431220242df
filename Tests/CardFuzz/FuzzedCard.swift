import Simulation
import Synchronization
import TapMeasurement
import TestMaterial

/// A card that says random things, of one manner or another.
final class FuzzedCard: VirtualCard {
  enum Manner: String, CaseIterable {
    case randomActivation = "activation data of Type A, random"
    case alteredActivation = "activation data of Type A, altered"
    case randomActivationB = "activation data of Type B, random"
    case alteredActivationB = "activation data of Type B, altered"
    case randomAnswers = "APDU answers, random"
    case randomObjects = "APDU answers, random data objects"
    case alteredAnswers = "APDU answers, altered"
    case nodeAddress = "APDU answers with a node address"
  }

  let manner: Manner
  let activation: CardActivation
  private let honest: OATHCard
  private struct State {
    var generator: SeededGenerator
    var answers = 0
  }
  private let state: Mutex<State>

  init(using generator: inout SeededGenerator) {
    manner = Self.manner(using: &generator)
    activation = Self.activation(manner, using: &generator)
    let name = OATHCredential(name: "totp", algorithm: .sha256, key: Array("secret key".utf8))
    honest = OATHCard(
      profile: OATHProfile.all.randomElement(using: &generator) ?? .yubiKey,
      credentials: [name, .smartOTP(vendor: "K01", serial: "12345678", key: name.key)],
      accessKey: Bool.random(using: &generator) ? Fixed.accessKey : nil)
    state = Mutex(State(generator: SeededGenerator(seed: generator.next())))
  }

  /// Fuzzed answers the card has given, its activation included.
  var answers: Int {
    state.withLock { $0.answers } + (manner.isOfActivation ? 1 : 0)
  }

  func powerUp() { honest.powerUp() }

  func process(_ command: [UInt8]) -> CardAnswer {
    let answer = honest.process(command)
    guard !manner.isOfActivation else { return answer }
    return state.withLock { state in
      state.answers += 1
      return fuzzed(answer, &state.generator)
    }
  }

  private func fuzzed(_ answer: CardAnswer, _ generator: inout SeededGenerator) -> CardAnswer {
    switch manner {
    case .randomAnswers:
      let data = generator.bytes(count: Int.random(in: 0...300, using: &generator))
      return CardAnswer(data + Self.status(using: &generator))
    case .randomObjects:
      let objects = (0..<Int.random(in: 1...6, using: &generator)).flatMap { _ in
        Self.object(using: &generator)
      }
      return CardAnswer(objects + Self.status(using: &generator))
    case .alteredAnswers:
      guard Bool.random(using: &generator) else { return answer }
      return CardAnswer(answer.bytes.map { generator.mutated($0) })
    case .nodeAddress:
      var answer = answer
      answer.nodeAddress = UInt8.random(in: 0...255, using: &generator)
      return answer
    case .randomActivation, .alteredActivation, .randomActivationB, .alteredActivationB:
      return answer
    }
  }
}

// MARK: - What it says

extension FuzzedCard {
  private enum Fixed {
    static let accessKey = (0..<16).map { UInt8($0 + 1) }
    static let typeA: [UInt8] = [
      0x00, 0x44, 0x20, 0x07, 0x04, 0xA2, 0x3B, 0x1C, 0x5D, 0x6E, 0x80, 0x05, 0x78, 0x80, 0x81,
      0x00,
    ]
    static let typeB: [UInt8] = [
      0x50, 0x1B, 0x3C, 0x5D, 0x7E, 0x00, 0x00, 0x00, 0x00, 0x00, 0x81, 0x81, 0x01, 0x01,
    ]
  }

  /// A node address costs a restart of the reader process each time, so it is rare.
  private static func manner(using generator: inout SeededGenerator) -> Manner {
    let all = Manner.allCases.filter { $0 != .nodeAddress }
    guard Int.random(in: 0..<50, using: &generator) > 0 else { return .nodeAddress }
    return all.randomElement(using: &generator) ?? .randomAnswers
  }

  private static func activation(
    _ manner: Manner, using generator: inout SeededGenerator
  ) -> CardActivation {
    var a = TypeAActivation.isoDEP()
    var b = TypeBActivation()
    let random = generator.bytes(count: Int.random(in: 0...40, using: &generator))
    switch manner {
    case .randomActivation: a.reportedData = random
    case .alteredActivation: a.reportedData = generator.mutated(generator.mutated(Fixed.typeA))
    case .randomActivationB: b.reportedData = random
    case .alteredActivationB: b.reportedData = generator.mutated(generator.mutated(Fixed.typeB))
    case .randomAnswers, .randomObjects, .alteredAnswers, .nodeAddress:
      return Bool.random(using: &generator) ? .typeA(a) : .typeB(b)
    }
    return manner.isOfTypeB ? .typeB(b) : .typeA(a)
  }

  /// A data object of the protocol whose length may lie.
  private static func object(using generator: inout SeededGenerator) -> [UInt8] {
    let value = generator.bytes(count: Int.random(in: 0...24, using: &generator))
    let lies = Int.random(in: 0..<8, using: &generator) == 0
    let length = lies ? UInt8.random(in: 0...255, using: &generator) : UInt8(value.count)
    return [UInt8.random(in: 0x71...0x7C, using: &generator), length] + value
  }

  /// Mostly success or more to come, sometimes any two bytes, sometimes none.
  private static func status(using generator: inout SeededGenerator) -> [UInt8] {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: []
    case 1: generator.bytes(count: 2)
    case 2: [0x61, UInt8.random(in: 0...255, using: &generator)]
    case 3: [0x6C, UInt8.random(in: 0...255, using: &generator)]
    default: [0x90, 0x00]
    }
  }
}

extension FuzzedCard.Manner {
  var isOfTypeB: Bool { self == .randomActivationB || self == .alteredActivationB }
  var isOfActivation: Bool {
    isOfTypeB || self == .randomActivation || self == .alteredActivation
  }
}
