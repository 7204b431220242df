/// The chip behind its serial interface: bytes in, bytes out, each with its time.
///
/// It owns no file descriptor and no clock, so that everything it does can be replayed.
struct SerialChip {
  var chip: SimulatedChip
  var recorder = LineRecorder()
  var lineFaults = FaultQueue<LineSite>()
  var chipFaults = FaultQueue<ChipSite>()
  /// Above this the line distorts, in baud; nil is a line without limit.
  var maximumSpeed: Int?
  var isCut = false
  private(set) var counters = Counters()

  private var line: SerialLine
  /// The chip's own speed.
  private var speed = SerialChip.initialSpeed
  private var segmenter = FrameSegmenter()
  private var incoming = FrameInTransit()
  private var receiver = FrameReceiver()
  private var wakeUp = WakeUpDetector()
  private var lastAnswer: ChipAnswer?
  private var command: UInt8 = 0
  /// What will happen to the running command's answer.
  private var answerFault: ChipFault?
  private var due: Duration?
  private var returns: [(card: any VirtualCard, at: Duration)] = []

  static let initialSpeed = 115_200

  struct LineSite {
    var direction: LineDirection
    var kind: FrameKind?
    var byte: Int
    var fault: LineFault
  }

  struct ChipSite {
    var code: UInt8?
    var fault: ChipFault
  }

  /// A frame of the host's, of which parts have come.
  private struct FrameInTransit {
    var bytes: [UInt8] = []
    var faults: [(byte: Int, fault: LineFault)] = []
  }

  init(timing: Timing, maximumSpeed: Int? = nil) {
    chip = SimulatedChip(timing: timing)
    line = SerialLine(isPaced: timing.pacesSerialLine)
    self.maximumSpeed = maximumSpeed
  }

  var nextEvent: Duration? {
    [line.nextEvent, due, returns.map(\.at).min()].compactMap(\.self).min()
  }

  /// Whether the host has to wait before it sends more.
  var isFull: Bool { line.isFull }

  /// Does what is due; returns what has arrived at the host, with the speed it was sent at.
  mutating func advance(to now: Duration) -> [SerialLine.Chunk] {
    var arrived: [SerialLine.Chunk] = []
    while true {
      if let chunk = line.nextForChip(at: now) {
        receive(chunk)
      } else if let due, due <= now {
        // As of when it was due: being late to look must not make the chip late.
        progress(chip.resume(at: due), at: due)
      } else if let index = returns.firstIndex(where: { $0.at <= now }) {
        chip.insert(returns.remove(at: index).card, at: now)
        fieldChanged(at: now)
      } else if let chunk = line.nextForHost(at: now) {
        counters.bytesToHost += chunk.bytes.count
        arrived.append(chunk)
      } else {
        return arrived
      }
    }
  }

  /// The field changed: a waiting command looks again.
  mutating func fieldChanged(at now: Duration) {
    guard chip.isBusy else { return }
    progress(chip.resume(at: now), at: now)
  }

  mutating func resetCounters() {
    counters = Counters()
    recorder.clear()
  }

  // MARK: From the host

  /// The host wrote bytes, at its own speed.
  mutating func hostSent(_ bytes: [UInt8], speed: Int, at now: Duration) {
    counters.bytesFromHost += bytes.count
    for segment in segmenter.cut(bytes) {
      let damaged = pass(segment, at: now)
      for piece in damaged.pieces {
        line.hostSends(piece.bytes, speed: speed, at: now, pause: piece.pause)
      }
    }
  }

  /// Whether the chip waits for the acknowledgement that lets it change its speed.
  var awaitsNewSpeed: Bool { chip.requestedSpeed != nil }

  /// The host wrote, or discarded what it had written, while the chip awaits that acknowledgement.
  ///
  /// The host may have changed its own speed since it wrote: the acknowledgement still went out at
  /// the old one, what follows it in the same read at the new one. No bytes mean that it went out
  /// and then was flushed.
  mutating func hostSentWhileChangingSpeed(_ bytes: [UInt8], speed hostSpeed: Int, at now: Duration)
  {
    let acknowledgement = ChipFrame.acknowledge.encoded
    guard bytes.isEmpty || bytes.starts(with: acknowledgement) else {
      return hostSent(bytes, speed: hostSpeed, at: now)
    }
    hostSent(acknowledgement, speed: speed, at: now)
    let rest = Array(bytes.dropFirst(acknowledgement.count))
    if !rest.isEmpty { hostSent(rest, speed: hostSpeed, at: now) }
  }

  /// Takes a part of a frame over the line, as far as the faults let it.
  private mutating func pass(
    _ segment: FrameSegmenter.Segment, at now: Duration
  ) -> DamagedFrame {
    guard !isCut else { return DamagedFrame([], faults: []) }
    if segment.start == 0 {
      incoming = FrameInTransit(faults: faults(.toChip, segment.kind))
    }
    if segment.kind == .noise { incoming.bytes = [] }
    incoming.bytes += segment.bytes
    if segment.endsFrame {
      recorder.record(
        incoming.bytes, segment.kind, .toChip, isDamaged: !incoming.faults.isEmpty, at: now)
    }
    let damaged = DamagedFrame(segment.bytes, from: segment.start, faults: incoming.faults)
    isCut = damaged.isCut
    return damaged
  }

  private mutating func faults(
    _ direction: LineDirection, _ kind: FrameKind
  ) -> [(byte: Int, fault: LineFault)] {
    lineFaults.happening { site in
      guard site.direction == direction else { return false }
      return site.kind.map { $0 == kind } ?? (kind != .noise)
    }
    .map { ($0.byte, $0.fault) }
  }

  private mutating func receive(_ chunk: SerialLine.Chunk) {
    let bytes = LineSpeed.received(
      chunk.bytes, sentAt: chunk.speed, readAt: speed, maximum: maximumSpeed)
    for (index, byte) in bytes.enumerated() {
      let time = min(chunk.first + chunk.perByte * index, chunk.last)
      guard isListening(byte, at: time) else { continue }
      guard let frame = receiver.receive(byte) else { continue }
      take(frame, at: time)
    }
  }

  private mutating func isListening(_ byte: UInt8, at time: Duration) -> Bool {
    guard case .asleep(let wakesOnSerial) = chip.power else { return wakeUp.isOver(at: time) }
    guard wakesOnSerial, wakeUp.notices(byte, at: time, startUp: chip.timing.wakeUp) else {
      return false
    }
    chip.wakeUp()
    receiver = FrameReceiver()
    return false
  }

  private mutating func take(_ frame: HostFrame, at time: Duration) {
    switch frame {
    case .acknowledge:
      chip.abort()
      due = nil
      if let requested = chip.requestedSpeed { speed = requested }
      chip.requestedSpeed = nil
    case .negativeAcknowledge:
      if let lastAnswer { send(lastAnswer, at: time) }
    case .malformed:
      send(.syntaxError, at: acknowledge(at: time))
    case .command(let command):
      counters.commands += 1
      self.command = command.first ?? 0
      run(command, at: time)
    }
  }

  private mutating func run(_ command: [UInt8], at time: Duration) {
    let faults = chipFaults.happening { ($0.code ?? command.first) == command.first }
    answerFault = nil
    chip.requestedSpeed = nil
    chip.abort()
    due = nil
    switch faults.first?.fault {
    case .ignore: break
    case .reset: losePower()
    case .negativeAcknowledge: send(ChipFrame.negativeAcknowledge, .negativeAcknowledge, at: time)
    case .syntaxError: send(.syntaxError, at: acknowledge(at: time))
    case .refuse(let status): send(.data([self.command &+ 1, status]), at: acknowledge(at: time))
    case .mute: acknowledge(at: time)
    case let fault:
      answerFault = fault
      let start = acknowledge(at: time)
      progress(chip.begin(command, at: start), at: start)
    }
  }

  /// The chip starts anew, asleep and at its initial speed.
  mutating func losePower() {
    chip.reset()
    speed = Self.initialSpeed
  }

  private mutating func progress(_ progress: ChipProgress, at now: Duration) {
    for departure in chip.takeDepartures() {
      if let after = departure.returnsAfter { returns.append((departure.card, now + after)) }
    }
    switch progress {
    case .waiting(let until): due = until
    case .done(let answer):
      due = nil
      finish(answer, at: now)
    }
  }

  // MARK: To the host

  @discardableResult
  private mutating func acknowledge(at time: Duration) -> Duration {
    send(ChipFrame.acknowledge, .acknowledge, at: time + chip.timing.acknowledgement)
  }

  private mutating func finish(_ answer: ChipAnswer, at time: Duration) {
    switch answerFault {
    case .status(let status): send(.data([command &+ 1, status]), at: time)
    case .answer(let bytes): send(.data(bytes), at: time)
    case .delay(let duration): send(answer, at: time + duration)
    default: send(answer, at: time)
    }
    answerFault = nil
  }

  private mutating func send(_ answer: ChipAnswer, at time: Duration) {
    lastAnswer = answer
    switch answer {
    case .data(let data): send(ChipFrame.answer(data), .information, at: time)
    case .syntaxError: send(ChipFrame.syntaxError, .syntaxError, at: time)
    }
  }

  /// Returns when the frame's last byte is out.
  @discardableResult
  private mutating func send(_ frame: ChipFrame, _ kind: FrameKind, at time: Duration) -> Duration {
    guard !isCut else { return time }
    let faults = faults(.toHost, kind)
    let bytes = frame.encoded
    recorder.record(bytes, kind, .toHost, isDamaged: !faults.isEmpty, at: time)
    let damaged = DamagedFrame(bytes, faults: faults)
    isCut = damaged.isCut
    return damaged.pieces.reduce(time) { time, piece in
      line.chipSends(piece.bytes, speed: speed, at: time, pause: piece.pause)
    }
  }
}
