import PN53x
import SmartCard
import TestMaterial
import Testing

@testable import Trace

@Suite("A trace in words")
struct TraceNarratorTests {
  private static let select = hex("00a4040007a0000005272101")
  private static let selected = hex("7903050403 7108aabbccddeeff0011 9000")
  private static let selection: [TraceEvent] = [.command(select), .response(selected)]
  private static let selectionLines = [
    "> SELECT: application A0000005272101, OATH",
    "< 9000 success to SELECT; 79 version 5.4.3; 71 card id AABBCCDDEEFF0011",
  ]

  private func lines(_ events: [TraceEvent], masking: Masking = .secrets) -> [String] {
    TraceNarrator.lines(Self.selection + events, masking: masking).dropFirst(2).map(\.self)
  }

  @Test("A tap is told from the card to its going")
  func tap() throws {
    let told: [TraceEvent] =
      [.activated(try Cards.typeA())] + Self.selection + [
        .command(hex("00a200010d 710161 7408 0102030405060708")),
        .response(hex("7605 0601020304 9000")), .lost, .lost,
      ]
    #expect(
      TraceNarrator.lines(told)
        == ["card 04112233445566"] + Self.selectionLines + [
          "> CALCULATE: truncated; 71 name \"a\"; 74 challenge 0102030405060708",
          "< 9000 success to CALCULATE; 76 truncated response **********", "lost",
        ])
    #expect(TraceNarrator.lines(told, masking: .none).contains { $0.hasSuffix("0601020304") })
  }

  @Test("Instructions have OATH names only once the application is selected")
  func application() {
    let list: [TraceEvent] = [.command(hex("00a10000")), .response(hex("7202 2161 9000"))]
    #expect(
      TraceNarrator.lines(list)
        == ["> SEARCH BINARY", "< 9000 success to SEARCH BINARY"])
    #expect(
      lines(list)
        == ["> LIST", "< 9000 success to LIST; 72 credential \"a\", TOTP, SHA-1"])
    let refused: [TraceEvent] = [
      .command(hex("00a4040005a000000308")), .response(hex("6a82")),
    ]
    #expect(lines(refused + list).last == "< 9000 success to SEARCH BINARY")
    #expect(
      lines([.lost] + list).last == "< 9000 success to SEARCH BINARY", "the card went in between")
  }

  @Test("An object that a chain of answers cuts in two is one")
  func chainedResponse() {
    #expect(
      lines([
        .command(hex("00a10000")), .response(hex("7203 2161 6105")), .command(hex("00a50000")),
        .response(hex("62 7202 2163 6102")), .command(hex("00a50000")), .response(hex("7200 9000")),
      ]) == [
        "> LIST", "< 6105 5 bytes more to fetch to LIST", "> SEND REMAINING",
        "< 6102 2 bytes more to fetch to SEND REMAINING; 72 credential \"ab\", TOTP, SHA-1; "
          + "72 credential \"c\", TOTP, SHA-1", "> SEND REMAINING",
        "< 9000 success to SEND REMAINING; 72 credential",
      ])
  }

  @Test("A secret that a chain cuts in two stays hidden in both parts")
  func chainedSecret() {
    let told: [TraceEvent] = [
      .command(hex("00a400010a 7408 0102030405060708")),
      .response(hex("710161 7605 0601 6105")), .command(hex("00a50000")),
      .response(hex("020304 9000")),
    ]
    #expect(
      lines(told).last == "< 9000 success to SEND REMAINING; 76 truncated response **********")
    #expect(
      lines(told, masking: .none).last
        == "< 9000 success to SEND REMAINING; 76 truncated response 0601020304")
  }

  @Test("A command in a chain of its own is taken apart as one")
  func chainedCommand() {
    #expect(
      lines([
        .command(hex("1001000006 710161 7304 21")), .response(hex("9000")),
        .command(hex("0001000003 060102")), .response(hex("9000")),
      ]) == [
        "> PUT: more to follow; 71 name \"a\"", "< 9000 success to PUT", "> PUT; 73 key ********",
        "< 9000 success to PUT",
      ])
  }

  @Test("A trace that was masked when it was written is shown as masked, asked for secrets or not")
  func maskedBefore() {
    let told: [TraceEvent] = [
      .command(hex("00a200010d 710161 7408 0102030405060708")),
      .response(hex("7605 2a2a2a2a2a 9000")),
    ]
    for masking in [Masking.secrets, .none] {
      #expect(
        lines(told, masking: masking).last
          == "< 9000 success to CALCULATE; 76 truncated response **********")
    }
  }

  @Test("The time between command and answer is told, and what of it the air takes at least")
  func times() throws {
    var narrator = TraceNarrator()
    _ = narrator.tell(.activated(try Cards.typeA()), at: 0)
    _ = narrator.tell(.command(Self.select), at: 1_000_000)
    let entry = narrator.tell(.response(Self.selected), at: 8_500_000).first
    guard case .response(_, _, let took, let onAir) = entry?.content else {
      Issue.record("no response")
      return
    }
    #expect(took == 7_500_000)
    // 15 and 20 bytes at 9 bits of 9.44 µs, two bits a frame, and 91 µs between them.
    #expect(onAir == UInt64((35.0 * 9 + 4) * 128 / 13.56 + 1236 / 13.56))
    let alone = narrator.tell(.response(Self.selected), at: 9_000_000).first
    guard case .response(_, to: nil, took: nil, _) = alone?.content else {
      Issue.record("an answer to nothing")
      return
    }
  }

  @Test("A clock that was set back gives no time")
  func clockSetBack() {
    var narrator = TraceNarrator()
    _ = narrator.tell(.command(Self.select), at: 5)
    let entry = narrator.tell(.response(Self.selected), at: 4).first
    guard case .response(_, _, took: nil, _) = entry?.content else {
      Issue.record("a time out of nowhere")
      return
    }
  }

  @Test("A reader that asks the same again and again is told once, and then counted")
  func repeats() {
    let empty = ChipExchange(command: [0x4A, 2, 0], outcome: .answer([0]), microseconds: 5)
    let other = ChipExchange(command: [0x4A, 2, 3, 0], outcome: .answer([0]), microseconds: 6)
    let events = (0..<10).flatMap { _ in [TraceEvent.chip(empty), .chip(other)] }
    let a = "chip InListPassiveTarget: type A, up to 2 targets -> no target"
    let b = "chip InListPassiveTarget: type B, up to 2 targets -> no target"
    #expect(TraceNarrator.lines(events) == [a, b, "chip 18 more"])
    #expect(
      TraceNarrator.lines(events + [.note("n")] + events)
        == [a, b, "chip 18 more", "note n", a, b, "chip 18 more"])
    let failed = ChipExchange(command: [0x4A, 2, 0], outcome: .status(1), microseconds: 5)
    #expect(
      TraceNarrator.lines([.chip(empty), .chip(empty), .chip(failed)]).map { $0.suffix(6) }
        == ["target", "1 more", "swered"])
  }

  @Test("What is told of a masked trace is what was told when it was written")
  func idempotent() {
    var generator = SeededGenerator(state: 14443)
    for _ in 0..<3000 {
      let events = Self.story(using: &generator)
      var narrator = TraceNarrator()
      var written: [TraceEvent] = []
      var first: [String] = []
      for event in events {
        for entry in narrator.tell(event, at: 0) {
          first.append(entry.line)
          switch entry.content {
          case .command(let command): written.append(.command(command.bytes.bytes))
          case .response(let response, _, _, _): written.append(.response(response.bytes.bytes))
          default: break
          }
        }
      }
      // A length that is masked may read as another: then there is less to say, never more.
      let second = TraceNarrator.lines(written)
      #expect(second.count == first.count)
      let isReadable = events.allSatisfy { event in
        switch event {
        case .command(let bytes): (try? CommandAPDU(parsing: bytes)) != nil
        default: true
        }
      }
      if isReadable { #expect(second == first) }
    }
  }

  @Test("Any events give entries, and no secret of a known place comes through")
  func fuzz() {
    var generator = SeededGenerator(state: 7816)
    for _ in 0..<5000 {
      var events = Self.story(using: &generator)
      // A command chain that is under way would take the selection for its own.
      events += [.lost] + Self.selection
      events += [
        .command(hex("00a200010d 710161 7408 0102030405060708")),
        .response(hex("7605 06deadbeef 9000")),
      ]
      let told = TraceNarrator.lines(events)
      #expect(told.last?.contains("DEADBEEF") == false)
      #expect(told.last?.contains("**********") == true)
      _ = TraceNarrator.lines(events, masking: .none)
    }
  }

  @Test("Any frames give events, and any events entries")
  func frames() {
    var generator = SeededGenerator(state: 264)
    let starts: [[UInt8]] = [
      [0x02], [0x03], [0x12], [0x13], [0xA2], [0xB3], [0xC2], [0xF2, 0x01], [0x26], [0x93, 0x70],
      [0xE0, 0x50], [0x05, 0, 0], [0x1D], [0x50], [0x0F],
    ]
    for _ in 0..<3000 {
      var assembler = FrameAssembler()
      var narrator = TraceNarrator(masking: Bool.random(using: &generator) ? .secrets : .none)
      for index in 0..<20 {
        let event = AirFrame.Event.allCases.randomElement(using: &generator) ?? .toCard
        let start = starts.randomElement(using: &generator) ?? []
        let bytes = start + generator.bytes(Int.random(in: 0...16, using: &generator))
        let frame =
          Bool.random(using: &generator) ? AirFrame(event, bytes, .typeA) : AirFrame(event, bytes)
        for event in assembler.take(frame) { _ = narrator.tell(event, at: UInt64(index)) }
      }
      for event in assembler.finish() { _ = narrator.tell(event, at: .max) }
    }
  }

  /// Commands and answers, some of them random, some of them of the OATH application.
  private static func story(using generator: inout SeededGenerator) -> [TraceEvent] {
    let instructions: [UInt8] = [0x01, 0x03, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xC0, 0x20]
    let tags: [UInt8] = [
      0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x7B, 0x7C, 0x6F,
    ]
    var events = Bool.random(using: &generator) ? selection : []
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      let value = generator.bytes(Int.random(in: 0...9, using: &generator))
      let tag = tags.randomElement(using: &generator) ?? 0
      let object = [tag, UInt8(value.count)] + value
      let data = Bool.random(using: &generator) ? object : value
      switch Int.random(in: 0...4, using: &generator) {
      case 0: events.append(.command(value))
      case 1: events.append(.response(value))
      case 2, 3:
        let instruction = instructions.randomElement(using: &generator) ?? 0
        let cla: UInt8 = Bool.random(using: &generator) ? 0x00 : 0x10
        events.append(.command([cla, instruction, 0, 1, UInt8(data.count)] + data))
      default:
        let word: [UInt8] = Bool.random(using: &generator) ? [0x90, 0x00] : [0x61, 0x02]
        events.append(.response(data + word))
      }
    }
    return events
  }
}
