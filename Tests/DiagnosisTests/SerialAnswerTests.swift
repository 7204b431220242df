import Testing

@testable import Diagnosis

@Suite("What a serial port sends back")
struct SerialAnswerTests {
  private static let acknowledgement: [UInt8] = [0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00]
  private static let answer: [UInt8] = [0x00, 0x00, 0xFF, 0x02, 0xFE, 0xD5, 0x15, 0x16, 0x00]

  private static func changed(_ index: Int) -> [UInt8] {
    var bytes = answer
    bytes[index] ^= 0x10
    return acknowledgement + bytes
  }

  @Test("A chip's answer is known as such, with noise before it and without")
  func good() {
    #expect(SerialAnswer(to: Self.acknowledgement + Self.answer) == .good)
    #expect(SerialAnswer(to: [0x80, 0x00] + Self.acknowledgement + [0x00] + Self.answer) == .good)
  }

  @Test("No byte is silence, our own bytes are an echo")
  func nobody() {
    #expect(SerialAnswer(to: []) == .silence)
    #expect(SerialAnswer(to: SerialAnswer.greeting) == .echo)
    #expect(SerialAnswer(to: Array(SerialAnswer.greeting.prefix(20))) == .echo)
    #expect(SerialAnswer(to: SerialAnswer.greeting + SerialAnswer.greeting) == .echo)
  }

  @Test("An acknowledgement alone is a chip that takes commands and answers none")
  func acknowledged() {
    #expect(SerialAnswer(to: Self.acknowledgement) == .acknowledged)
    #expect(SerialAnswer(to: Self.acknowledgement + [0x00]) == .acknowledged)
  }

  @Test("A frame with something wrong in it is damaged", arguments: 1..<8)
  func damaged(index: Int) {
    #expect(SerialAnswer(to: Self.changed(index)) == .damaged)
  }

  @Test("A frame that breaks off, and one without its acknowledgement, are damaged")
  func incomplete() {
    for count in 3..<8 {
      #expect(SerialAnswer(to: Self.acknowledgement + Self.answer.prefix(count)) == .damaged)
    }
    #expect(SerialAnswer(to: Self.answer) == .damaged)
  }

  @Test("Bytes without a frame are another device's; their beginning is kept")
  func foreign() {
    let sentence = Array("$GPGGA,092750.000".utf8)
    #expect(SerialAnswer(to: sentence) == .foreign(Array(sentence.prefix(12))))
    #expect(SerialAnswer(to: [0xFE]) == .foreign([0xFE]))
  }

  @Test("Any bytes are judged")
  func total() {
    for _ in 0..<3000 {
      let alphabet: [UInt8] = [0x00, 0xFF, 0x02, 0xFE, 0xD5, 0x15, 0x16, 0x55, 0x24]
      let bytes = (0..<Int.random(in: 0...24)).map { _ in alphabet.randomElement() ?? 0 }
      _ = SerialAnswer(to: bytes)
    }
  }
}

extension SerialAnswerTests {
  @Test(
    "The doctor says what was heard on a port where libnfc understood nothing",
    arguments: [
      (SerialAnswer.silence, "nothing answers at pn532_uart:/dev/ttyUSB0", Int32(69)),
      (.echo, "pn532_uart:/dev/ttyUSB0 sends back what it is sent, and nothing else", 69),
      (
        .acknowledged, "the chip at pn532_uart:/dev/ttyUSB0 acknowledges commands and answers none",
        74
      ),
      (.damaged, "the answers from pn532_uart:/dev/ttyUSB0 arrive damaged", 74),
      (
        .foreign(Array("$GPGGA,0\r\n".utf8)),
        "what speaks at pn532_uart:/dev/ttyUSB0 is no PN532: '$GPGGA,0...'", 69
      ),
      (
        .foreign([0x1B, 0xFE]), "what speaks at pn532_uart:/dev/ttyUSB0 is no PN532: 1B FE...", 69
      ),
    ])
  func told(heard: SerialAnswer, seen: String, status: Int32) async throws {
    let machine = PlantedMachine(.adapter)
    machine.chip = SimulatedProbe(failing: .silent("port"))
    machine.heard = heard
    let report = await machine.diagnose()
    let result = try #require(report.results.first { $0.check.id == "reader-opens" })
    #expect(result.seen == seen)
    #expect(report.exitStatus(strict: false) == status)
  }
}
