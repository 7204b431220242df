import Testing

@testable import Simulation

@Suite("What the host writes, cut into frames")
struct FrameSegmenterTests {
  private let command = SerialHost.frame([0x4A, 0x01, 0x00])
  private let noise: [UInt8] = [0x55, 0x55, 0x00, 0x00, 0x00]

  private func cut(_ writes: [UInt8]...) -> [FrameSegmenter.Segment] {
    var segmenter = FrameSegmenter()
    return writes.flatMap { segmenter.cut($0) }
  }

  @Test("Wake-up bytes, a command and an acknowledgement in one write are three")
  func together() {
    let acknowledgement = ChipFrame.acknowledge.encoded
    #expect(
      cut(noise + command + acknowledgement) == [
        .init(kind: .noise, start: 0, bytes: noise, endsFrame: true),
        .init(kind: .information, start: 0, bytes: command, endsFrame: true),
        .init(kind: .acknowledge, start: 0, bytes: acknowledgement, endsFrame: true),
      ])
  }

  @Test("A frame keeps its positions however it is written")
  func apart() {
    for position in 1..<command.count {
      let segments = cut(Array(command[..<position]), Array(command[position...]))
      let frames = segments.filter { $0.kind == .information }
      #expect(segments.flatMap(\.bytes) == command, "\(position)")
      #expect(frames.last?.endsFrame == true, "\(position)")
      if position > 5 {
        #expect(frames.map(\.start) == [0, position], "\(position)")
      }
    }
  }

  @Test("However noise and frames are written, the frames are the same")
  func stableFrames() {
    let bytes = noise + command + noise + ChipFrame.acknowledge.encoded
    let frames = cut(bytes).filter { $0.kind != .noise }
    for position in 1..<bytes.count {
      let apart = cut(Array(bytes[..<position]), Array(bytes[position...]))
      let starts = apart.filter { $0.kind != .noise && $0.start == 0 }
      #expect(starts.map(\.kind) == frames.map(\.kind), "\(position)")
      #expect(apart.flatMap(\.bytes) == bytes, "\(position)")
    }
  }

  @Test("An extended frame is one frame")
  func extended() {
    let frame = SerialHost.frame([UInt8](repeating: 0x11, count: 262))
    #expect(
      cut(frame) == [.init(kind: .information, start: 0, bytes: frame, endsFrame: true)])
  }

  @Test("Nothing is lost or made up, whatever is written")
  func conservation() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<500 {
      let bytes = random.bytes(40).map { $0 % 3 == 0 ? 0x00 : $0 % 3 == 1 ? 0xFF : $0 }
      var segmenter = FrameSegmenter()
      var out = segmenter.cut(Array(bytes.prefix(17))).flatMap(\.bytes)
      out += segmenter.cut(Array(bytes.dropFirst(17))).flatMap(\.bytes)
      #expect(bytes.starts(with: out))
      #expect(bytes.count - out.count < 8)
    }
  }
}

@Suite("Two ends of a line that disagree about its speed")
struct LineSpeedTests {
  private let bytes = SerialHost.frame([0x02])

  @Test("Equal speeds pass every byte")
  func equal() {
    let all = (0...255).map { UInt8($0) }
    #expect(LineSpeed.received(all, sentAt: 9_600, readAt: 9_600) == all)
  }

  @Test("Three parts in a hundred do no harm")
  func tolerance() {
    let all = (0...255).map { UInt8($0) }
    #expect(LineSpeed.received(all, sentAt: 115_200, readAt: 118_600) == all)
    #expect(LineSpeed.received(all, sentAt: 115_200, readAt: 111_800) == all)
  }

  @Test("Unequal speeds make something else of the bytes, always the same")
  func different() {
    let many = LineSpeed.received(bytes, sentAt: 115_200, readAt: 921_600)
    let few = LineSpeed.received(bytes, sentAt: 921_600, readAt: 115_200)
    #expect(many != bytes && !many.isEmpty)
    #expect(few.count < bytes.count)
    #expect(many == LineSpeed.received(bytes, sentAt: 115_200, readAt: 921_600))
  }

  @Test("A zero at half the receiver's speed is one long low and reads as a zero without stop bit")
  func longLow() {
    #expect(LineSpeed.received([0x00], sentAt: 57_600, readAt: 115_200).isEmpty)
    #expect(LineSpeed.received([0xFF], sentAt: 57_600, readAt: 115_200) == [0xFE])
  }
}

@Suite("What wakes the chip")
struct WakeUpTests {
  @Test("Rising edges are counted as they are on the wire")
  func edges() {
    #expect(WakeUpDetector.risingEdges(0x55) == 5)
    #expect(WakeUpDetector.risingEdges(0x00) == 1)
    #expect(WakeUpDetector.risingEdges(0xFF) == 1)
    #expect(WakeUpDetector.risingEdges(0xAA) == 4)
  }

  @Test("What arrives while the oscillator starts is lost")
  func startUp() {
    var detector = WakeUpDetector()
    let woke = detector.notices(0x55, at: .seconds(1), startUp: .microseconds(300))
    #expect(woke)
    #expect(!detector.isOver(at: .seconds(1) + .microseconds(200)))
    #expect(detector.isOver(at: .seconds(1) + .microseconds(300)))
  }
}
