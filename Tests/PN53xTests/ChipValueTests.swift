import PN53x
import SmartCard
import Testing

@Suite("Commands, timers, status")
struct ChipValueTests {
  @Test("The UID in a selection carries a cascade tag before every level but the last")
  func cascade() {
    #expect(ChipCommand.selectTypeA(uid: [1, 2, 3, 4])?.bytes == [0x4A, 1, 0, 1, 2, 3, 4])
    #expect(
      ChipCommand.selectTypeA(uid: [1, 2, 3, 4, 5, 6, 7])?.bytes
        == [0x4A, 1, 0, 0x88, 1, 2, 3, 4, 5, 6, 7])
    #expect(
      ChipCommand.selectTypeA(uid: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])?.bytes
        == [0x4A, 1, 0, 0x88, 1, 2, 3, 0x88, 4, 5, 6, 7, 8, 9, 10])
    for length in 0...20 where ![4, 7, 10].contains(length) {
      #expect(ChipCommand.selectTypeA(uid: [UInt8](repeating: 1, count: length)) == nil)
    }
  }

  @Test("An APDU is one exchange up to 262 bytes, and pieces with more-information above")
  func dataExchange() {
    let short = ChipCommand.dataExchange([UInt8](repeating: 7, count: 262))
    #expect(short.count == 1 && short[0].bytes.prefix(2) == [0x40, 0x01])
    let long = ChipCommand.dataExchange([UInt8](repeating: 7, count: 600))
    #expect(long.map { $0.bytes[1] } == [0x41, 0x41, 0x01])
    #expect(long.map { $0.bytes.count - 2 } == [262, 262, 76])
    #expect(ChipCommand.dataExchange([]).count == 1)
    let narrow = ChipCommand.dataExchange([UInt8](repeating: 7, count: 255), pieceSize: 252)
    #expect(narrow.map { $0.bytes.count - 2 } == [252, 3])
    #expect(ChipCommand.dataExchange([1, 2], pieceSize: 0).count == 2)
  }

  @Test("Timer codes double from 100 µs to 3.2768 s")
  func timers() {
    #expect(RFTimer.minimum.microseconds == 100)
    #expect(RFTimer.maximum.microseconds == 3_276_800)
    #expect(RFTimer(atLeast: 77_000).code == 0x0B)
    #expect(RFTimer(atLeast: 102_400).code == 0x0B)
    #expect(RFTimer(atLeast: 102_401).code == 0x0C)
    #expect(RFTimer(atLeast: Int.max) == .maximum)
    #expect(RFTimer(within: 102_399).code == 0x0A)
    #expect(RFTimer(within: 0) == .minimum)
  }

  @Test("The exchange timer covers the card's waiting time, unless the deadline is shorter")
  func exchangeTimer() {
    #expect(RFTimer(frameWaitingTime: 77_330, deadline: 1_000_000).code == 0x0B)
    #expect(RFTimer(frameWaitingTime: 4_949_000, deadline: 30_000_000) == .maximum)
    #expect(RFTimer(frameWaitingTime: 77_330, deadline: 30_000).microseconds == 25_600)
    #expect(RFTimer(frameWaitingTime: 302, deadline: 1_000_000).microseconds == 400)
  }

  @Test("A status byte's error code is its low six bits")
  func status() {
    #expect(ChipStatus(rawValue: 0x40).isSuccess)
    #expect(ChipStatus(rawValue: 0x40).hasMoreInformation)
    #expect(ChipStatus(rawValue: 0x80).hasNAD)
    #expect(ChipStatus(rawValue: 0x41).meaning == .noAnswer)
    #expect(ChipStatus(rawValue: 0x2B).meaning == .released)
    for byte in UInt8.min...UInt8.max {
      let status = ChipStatus(rawValue: byte)
      #expect(status.isSuccess == (status.meaning == .success))
      #expect(status.explanation.utf8CodeUnitCount > 0)
    }
  }

  @Test("Firmware versions of the three chips")
  func firmware() throws {
    let pn532 = try FirmwareVersion(parsing: [0x32, 0x01, 0x06, 0x07])
    #expect(pn532.chip == .pn532 && pn532.version == 1 && pn532.revision == 6)
    #expect(pn532.supportsTypeB)
    #expect(try FirmwareVersion(parsing: [0x33, 2, 7, 7]).chip == .pn533)
    #expect(try FirmwareVersion(parsing: [0x04, 0x02]).chip == .pn531)
    #expect(throws: ChipAnswerError.length(expected: 4, actual: 0)) {
      try FirmwareVersion(parsing: [])
    }
  }

  @Test("A command frame has its length and sum complemented")
  func hostFrame() {
    #expect(
      HostFrame.encode(.getFirmwareVersion)
        == [0x00, 0x00, 0xFF, 0x02, 0xFE, 0xD4, 0x02, 0x2A, 0x00])
    #expect(HostFrame.encode(ChipCommand(raw: [UInt8](repeating: 0, count: 254))) == nil)
  }

  @Test("The answer to a speed change is found behind noise and the ACK")
  func answerInNoise() {
    let answer: [UInt8] = [0x00, 0x00, 0xFF, 0x02, 0xFE, 0xD5, 0x11, 0x1A, 0x00]
    let command = ChipCommand.setSerialSpeed(.initial)
    #expect(HostFrame.contains(answerTo: command, in: answer))
    #expect(HostFrame.contains(answerTo: command, in: [0x7F, 0x55] + HostFrame.ack + answer))
    #expect(!HostFrame.contains(answerTo: command, in: Array(answer.dropLast(4))))
    #expect(!HostFrame.contains(answerTo: .getFirmwareVersion, in: answer))
    #expect(!HostFrame.contains(answerTo: command, in: HostFrame.ack))
  }

  @Test("Speeds go from 9600 to 921600 and stop")
  func speeds() {
    #expect(SerialSpeed(bitsPerSecond: 921_600) == .baud921600)
    #expect(SerialSpeed(bitsPerSecond: 1_288_000) == nil)
    #expect(SerialSpeed.baud9600.slower == nil)
    #expect(SerialSpeed.baud921600.slower == .baud460800)
  }
}
