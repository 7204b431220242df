import PN53x
import SmartCard
import Testing

@Suite("Answers of InListPassiveTarget")
struct PassiveTargetTests {
  @Test("A DESFire card is read with its ATS")
  func desfire() throws {
    let answer: [UInt8] = [
      0x01, 0x01, 0x03, 0x44, 0x20, 0x07, 0x04, 0x17, 0x51, 0x82, 0x30, 0x2B, 0x80, 0x06, 0x75,
      0x77,
      0x81, 0x02, 0x80,
    ]
    let target = try #require(try PassiveTarget.list(answer, kind: .typeA).first)
    #expect(
      target
        == .typeA(
          atqa: 0x0344, sak: 0x20, uid: [0x04, 0x17, 0x51, 0x82, 0x30, 0x2B, 0x80],
          ats: [0x06, 0x75, 0x77, 0x81, 0x02, 0x80]))
    #expect(target.isISODEP && !target.hasRandomIdentifier)
    let activation = try Activation(target)
    #expect(activation.isISODEP && activation.maximumFrame == 64)
    #expect(try PassiveTarget(decoding: target.encoded, kind: .typeA) == target)
  }

  @Test("A MIFARE Classic card has no ATS and takes no APDUs")
  func classic() throws {
    let answer: [UInt8] = [0x01, 0x01, 0x00, 0x04, 0x08, 0x04, 0xA1, 0xB2, 0xC3, 0xD4]
    let target = try #require(try PassiveTarget.list(answer, kind: .typeA).first)
    #expect(target == .typeA(atqa: 4, sak: 8, uid: [0xA1, 0xB2, 0xC3, 0xD4], ats: nil))
    #expect(!target.isISODEP)
  }

  @Test("Two cards are two targets")
  func two() throws {
    let one: [UInt8] = [0x00, 0x04, 0x08, 0x04, 1, 2, 3, 4]
    let other: [UInt8] = [0x00, 0x44, 0x20, 0x04, 5, 6, 7, 8, 0x05, 0x78, 0x80, 0x70, 0x02]
    let targets = try PassiveTarget.list([2, 1] + one + [2] + other, kind: .typeA)
    #expect(targets.map(\.identifier) == [[1, 2, 3, 4], [5, 6, 7, 8]])
  }

  @Test("A Type B card is its ATQB and its answer to ATTRIB")
  func typeB() throws {
    let atqb: [UInt8] = [0x50, 1, 2, 3, 4, 0, 0, 0, 0, 0x00, 0x81, 0x81]
    let targets = try PassiveTarget.list([1, 1] + atqb + [1, 0], kind: .typeB)
    #expect(targets == [.typeB(atqb: atqb, attribute: [0])])
    #expect(targets.first?.identifier == [1, 2, 3, 4])
    #expect(targets.first?.isISODEP == true)
  }

  @Test("No card is no target")
  func none() throws {
    #expect(try PassiveTarget.list([0], kind: .typeA).isEmpty)
    #expect(try PassiveTarget.list([0], kind: .typeB).isEmpty)
  }

  static let hostile: [([UInt8], ChipAnswerError)] = {
    let head: [UInt8] = [1, 1, 0x03, 0x44, 0x20]
    return [
      ([], .truncatedTarget),
      ([3], .targetCount(3)),
      ([1], .truncatedTarget),
      (head + [4, 1, 2, 3, 4, 0x00], .answerToSelect(length: 0, available: 1)),
      (head + [4, 1, 2, 3, 4, 0xFF], .answerToSelect(length: 0xFF, available: 1)),
      (head + [4, 1, 2, 3, 4, 0x06, 0x75], .answerToSelect(length: 6, available: 2)),
      (head + [4, 1, 2, 3], .truncatedTarget),
      (head + [0], .uidLength(0)),
      (head + [20] + [UInt8](repeating: 7, count: 20), .uidLength(20)),
      (head + [4, 1, 2, 3, 4, 0x01, 0x55], .trailingBytes(1)),
    ]
  }()

  @Test("A card that lies about lengths is refused, not believed", arguments: hostile)
  func lies(answer: [UInt8], error: ChipAnswerError) {
    #expect(throws: error) { try PassiveTarget.list(answer, kind: .typeA) }
  }

  @Test("A Type B answer that ends early or lies is refused")
  func typeBLies() {
    let atqb: [UInt8] = [0x50, 1, 2, 3, 4, 0, 0, 0, 0, 0x00, 0x81, 0x81]
    for length in 0..<atqb.count {
      #expect(throws: ChipAnswerError.truncatedTarget) {
        try PassiveTarget.list([1, 1] + atqb[..<length], kind: .typeB)
      }
    }
    #expect(throws: ChipAnswerError.attribute(length: 9, available: 1)) {
      try PassiveTarget.list([1, 1] + atqb + [9, 0], kind: .typeB)
    }
  }

  @Test("Any bytes decode to a value or an error")
  func fuzz() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<100_000 {
      let count = Int.random(in: 0...48, using: &random)
      var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      if Bool.random(using: &random), bytes.count > 4 {
        bytes.replaceSubrange(0..<2, with: [1, 1])
        bytes[4] |= 0x20
      }
      for kind in TargetKind.allCases {
        guard let targets = try? PassiveTarget.list(bytes, kind: kind) else { continue }
        for target in targets { _ = try? Activation(target) }
      }
    }
  }
}
