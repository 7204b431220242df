import Testing

@testable import Simulation

@Suite("Faults on the line")
struct LineFaultTests {
  private let firmware: [UInt8] = [0x03, 0x32, 0x01, 0x06, 0x07]

  private func host(_ faults: Fault...) -> SerialHost {
    var host = SerialHost()
    for fault in faults { host.serial.arm(fault) }
    return host
  }

  @Test("A byte dropped, flipped or added on the way to the host is so in that frame alone")
  func toHost() {
    let answer = ChipFrame.answer([0x03, 0x32, 0x01, 0x06, 0x07]).encoded
    let acknowledgement = ChipFrame.acknowledge.encoded
    let cases: [(LineFault, [UInt8])] = [
      (.drop, Array(answer[..<7] + answer[8...])),
      (.flip(0x81), Array(answer[..<7] + [answer[7] ^ 0x81] + answer[8...])),
      (.insert([0xEE, 0xDD]), Array(answer[..<7] + [0xEE, 0xDD] + answer[7...])),
    ]
    for (fault, damaged) in cases {
      var host = host(.line(.toHost, frame: 1, byte: 7, fault))
      #expect(host.write(SerialHost.frame([0x02])) == acknowledgement + damaged)
      #expect(host.command([0x02]) == firmware)
      #expect(host.serial.faultsFired == 1)
    }
  }

  @Test("A lost byte on the way to the chip loses the command, except a zero")
  func toChip() {
    for byte in 5..<8 {
      var host = host(.line(.toChip, frame: 0, byte: byte, .drop))
      #expect(host.command([0x02]) == nil, "\(byte)")
    }
    var host = host(.line(.toChip, frame: 0, byte: 8, .drop))
    let echo = host.command([0x00, 0x00, 0x00, 0x41, 0x42])
    #expect(echo?.prefix(4) == [0x01, 0x00, 0x41, 0x42])
    #expect(echo?.count == 5)
  }

  @Test("Kinds are counted by themselves")
  func kinds() {
    var host = host(.line(.toHost, frame: 1, kind: .acknowledge, byte: 0, .flip(0xFF)))
    #expect(host.command([0x02]) == firmware)
    #expect(host.command([0x02]) == nil)
    #expect(host.command([0x02]) == firmware)
  }

  @Test("A fault that repeats happens every time from its index on")
  func repeating() {
    var host = host(.line(.toChip, frame: 1, byte: 7, .flip(0x01), repeats: true))
    #expect(host.command([0x02]) == firmware)
    for _ in 0..<3 { #expect(host.command([0x02]) == nil) }
    host.serial.disarm()
    #expect(host.command([0x02]) == firmware)
  }

  @Test("A held byte delays itself and all behind it")
  func hold() throws {
    var host = host(.line(.toHost, frame: 1, byte: 4, .hold(.seconds(3))))
    let start = host.now
    #expect(host.command([0x02]) == firmware)
    try #require(host.received.count == 3)
    #expect(host.received[1].bytes.count == 4)
    #expect(host.received[1].last == start)
    #expect(host.received[2].last == start + .seconds(3))
  }

  @Test("A held command reaches the chip late")
  func holdToChip() {
    var host = host(.line(.toChip, frame: 0, byte: 5, .hold(.seconds(2))))
    let start = host.now
    #expect(host.command([0x02]) == firmware)
    #expect(host.now == start + .seconds(2))
  }

  @Test("A split frame comes in two pieces")
  func split() {
    var host = host(.line(.toHost, frame: 0, byte: 3, .split))
    #expect(host.command([0x02]) == firmware)
    #expect(host.received.prefix(2).map(\.bytes.count) == [3, 3])
  }

  @Test("A cut line is dead both ways until it is mended")
  func cut() {
    var host = host(.line(.toHost, frame: 1, byte: 3, .cut))
    #expect(
      host.write(SerialHost.frame([0x02]))
        == ChipFrame.acknowledge.encoded + [0x00, 0x00, 0xFF])
    #expect(host.command([0x02]) == nil)
    #expect(host.write(ChipFrame.negativeAcknowledge.encoded).isEmpty)
    host.serial.isCut = false
    #expect(host.command([0x02]) == firmware)
  }

  @Test("The record numbers frames by direction as the faults do, and marks the damaged")
  func record() {
    var host = host(.line(.toHost, frame: 1, byte: 0, .drop))
    host.write([0x55, 0x55])
    host.command([0x02])
    let frames = host.serial.recorder.frames
    #expect(frames.map(\.kind) == [.noise, .information, .acknowledge, .information])
    #expect(frames.map(\.index) == [0, 0, 0, 1])
    #expect(frames.map(\.isDamaged) == [false, false, false, true])
    #expect(frames[1].bytes == SerialHost.frame([0x02]))
  }

  @Test("Every byte of a recorded run can be hit, and a damaged command is never another's answer")
  func sweep() {
    var clean = SerialHost()
    clean.command([0x02])
    for frame in clean.serial.recorder.frames {
      for byte in frame.bytes.indices {
        for action: LineFault in [.drop, .flip(0x10), .cut] {
          var host = host(.line(frame.direction, frame: frame.index, byte: byte, action))
          let answer = host.command([0x02])
          #expect(host.serial.faultsFired == 1)
          #expect(answer == nil || answer == firmware || frame.direction == .toHost)
        }
      }
    }
  }
}

@Suite("Faults of the chip")
struct ChipFaultTests {
  private func host(_ fault: ChipFault, code: UInt8? = nil, at index: Int = 0) -> SerialHost {
    var host = SerialHost(cards: [ScriptedCard { CardAnswer($0) }])
    host.setRetries(0)
    _ = host.listA()
    host.serial.arm(.chip(command: index, code: code, fault))
    return host
  }

  @Test("Any status byte can be had, on the exchange that is meant")
  func status() {
    for status in UInt8.min...UInt8.max {
      var host = host(.status(status), code: 0x40, at: 1)
      #expect(host.exchange([1]) == [0x41, 0x00, 1])
      #expect(host.command([0x02]) != nil)
      #expect(host.exchange([1]) == [0x41, status])
      #expect(host.exchange([1]) == [0x41, 0x00, 1])
    }
  }

  @Test("A refused command never reaches the card, a reported one does")
  func refusal() {
    let card = OATHCard(
      credentials: [.init(name: "h", kind: .hotp, key: [1, 2, 3])])
    var host = SerialHost(cards: [card])
    _ = host.listA()
    _ = host.exchange([0x00, 0xA4, 0x04, 0x00, 0x07] + OATHApplication.identifier)
    let calculate: [UInt8] = [0x00, 0xA2, 0x00, 0x01, 0x05, 0x71, 0x01, 0x68, 0x74, 0x00]
    host.serial.arm(.chip(command: 0, .refuse(0x02)))
    #expect(host.exchange(calculate) == [0x41, 0x02])
    #expect(card.credentials[0].counter == 0)
    host.serial.arm(.chip(command: 0, .status(0x02)))
    #expect(host.exchange(calculate) == [0x41, 0x02])
    #expect(card.credentials[0].counter == 1)
  }

  @Test("The chip can be mute, deaf, or refuse the frame")
  func silence() {
    var mute = host(.mute)
    let frame = SerialHost.frame([0x02])
    #expect(mute.write(frame) + mute.finish() == ChipFrame.acknowledge.encoded)
    var deaf = host(.ignore)
    #expect((deaf.write(frame) + deaf.finish()).isEmpty)
    var refusing = host(.negativeAcknowledge)
    #expect(
      refusing.write(frame) + refusing.finish() == ChipFrame.negativeAcknowledge.encoded)
    var confused = host(.syntaxError)
    #expect(
      confused.write(frame) + confused.finish()
        == ChipFrame.acknowledge.encoded + ChipFrame.syntaxError.encoded)
  }

  @Test("Any answer can be put in place of the right one, and any delay before it")
  func substitutes() {
    var other = host(.answer([0x4B, 0xFF]))
    #expect(other.command([0x02]) == [0x4B, 0xFF])
    var late = host(.delay(.seconds(2)))
    let start = late.now
    #expect(late.command([0x02])?.first == 0x03)
    #expect(late.now == start + .seconds(2))
  }
}

@Suite("Faults of the card")
struct CardFaultTests {
  private let card = ScriptedCard { CardAnswer($0) }

  private func host(_ fault: CardFault, at index: Int = 0) -> SerialHost {
    var host = SerialHost(cards: [card])
    host.setRetries(0)
    _ = host.listA()
    host.serial.arm(.card(apdu: index, fault))
    return host
  }

  @Test("A pulled card leaves the exchange without an answer, and the field empty")
  func pulled() {
    var host = host(.pullDuring(), at: 1)
    #expect(host.exchange([1]) == [0x41, 0x00, 1])
    #expect(host.exchange([1]) == [0x41, 0x01])
    #expect(host.serial.chip.cardsInField.isEmpty)
    #expect(host.listA() == [0x4B, 0x00])
  }

  @Test("A card that was pulled comes back when it should")
  func comesBack() {
    var host = host(.pullBefore(returnsAfter: .seconds(1)))
    let start = host.now
    host.write(SerialHost.frame([0x40, 0x01, 0x01]))
    _ = host.finish()
    #expect(host.now - start >= .seconds(1))
    #expect(host.listA()?.prefix(2) == [0x4B, 0x01])
  }

  @Test("A pulled card has executed the command only if it heard it")
  func executed() {
    for (fault, expected) in [(CardFault.pullBefore(), 0), (.pullDuring(), 1)] {
      let card = OATHCard(credentials: [.init(name: "h", kind: .hotp, key: [1])])
      var host = SerialHost(cards: [card])
      _ = host.listA()
      _ = host.exchange([0x00, 0xA4, 0x04, 0x00, 0x07] + OATHApplication.identifier)
      host.serial.arm(.card(apdu: 0, fault))
      _ = host.exchange([0x00, 0xA2, 0x00, 0x01, 0x05, 0x71, 0x01, 0x68, 0x74, 0x00])
      #expect(card.credentials[0].counter == UInt32(expected))
    }
  }

  @Test("Any answer can be put in the card's mouth, down to none at all")
  func substitutes() {
    for answer: [UInt8] in [[], [0x61], [0x61, 0xFF], [UInt8](repeating: 0, count: 200)] {
      var host = host(.answer(answer))
      #expect(host.exchange([1]) == [0x41, 0x00] + answer)
    }
    var silent = host(.answer(nil))
    #expect(silent.exchange([1]) == [0x41, 0x01])
    // Card and chip no longer agree on the block number: the card has to be activated anew.
    #expect(silent.exchange([1]) == [0x41, 0x0B])
    _ = silent.command([0x52, 0x00])
    silent.setRetries(1)
    _ = silent.listA()
    #expect(silent.exchange([1]) == [0x41, 0x00, 1])
  }

  @Test("A late answer comes as late as it should")
  func late() {
    var host = host(.late(.milliseconds(700)))
    let start = host.now
    #expect(host.exchange([1]) == [0x41, 0x00, 1])
    #expect(host.now - start == .milliseconds(700))
  }
}

@Suite("Faults as text")
struct FaultSyntaxTests {
  @Test(
    "Each form is read",
    arguments: [
      ("line,to=host,frame=3,byte=7,drop", .line(.toHost, frame: 3, byte: 7, .drop)),
      (
        "line,to=chip,kind=ack,flip=80,repeat",
        .line(.toChip, frame: 0, kind: .acknowledge, byte: 0, .flip(0x80), repeats: true)
      ),
      (
        "line,to=host,frame=1,byte=2,hold=1.5",
        .line(.toHost, frame: 1, byte: 2, .hold(.microseconds(1_500)))
      ),
      ("line,to=host,insert=00ff,byte=2", .line(.toHost, frame: 0, byte: 2, .insert([0, 0xFF]))),
      ("line,to=host,cut", .line(.toHost, frame: 0, byte: 0, .cut)),
      ("chip,command=2,code=40,status=2b", .chip(command: 2, code: 0x40, .status(0x2B))),
      ("chip,reset", .chip(command: 0, .reset)),
      ("chip,command=1,answer=4100", .chip(command: 1, .answer([0x41, 0x00]))),
      ("chip,delay=250,repeat", .chip(command: 0, .delay(.milliseconds(250)), repeats: true)),
      (
        "card,apdu=1,pull-during,back=40",
        .card(apdu: 1, .pullDuring(returnsAfter: .milliseconds(40)))
      ),
      ("card,answer=", .card(apdu: 0, .answer([]))),
      ("card,silent", .card(apdu: 0, .answer(nil))),
      ("card,nad=21", .card(apdu: 0, .nodeAddress(0x21))),
      ("card,endless,repeat", .card(apdu: 0, .neverEnds, repeats: true)),
    ] as [(String, Fault)])
  func forms(_ text: String, _ fault: Fault) throws {
    #expect(try Fault(parsing: text) == fault)
  }

  @Test(
    "What is no fault is refused",
    arguments: [
      "", "line", "line,to=moon,drop", "line,to=host", "line,to=host,flip=xyz",
      "line,to=host,frame=-1,drop", "line,to=host,drop,colour=red", "chip", "chip,status=100",
      "card,late=soon", "card,answer=abc", "reader,drop", "line,to=host,kind=frame,drop",
    ])
  func refused(_ text: String) {
    #expect(throws: FaultSyntaxError.self) { try Fault(parsing: text) }
  }
}
