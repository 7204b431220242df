/// The chip behind its serial interface: bytes in, bytes out, each with its time.
///
/// It owns no file descriptor and no clock, so that everything it does can be replayed.
struct SerialChip {
  var chip: SimulatedChip
  private(set) var line: SerialLine
  private(set) var counters = Counters()
  /// The chip's own speed.
  private var speed = SerialChip.initialSpeed
  private var receiver = FrameReceiver()
  private var wakeUp = WakeUpDetector()
  private var lastAnswer: [UInt8] = []
  /// When the running command was understood, and when its acknowledgement is out.
  private var acknowledged: Duration = .zero
  private var due: Duration?

  static let initialSpeed = 115_200

  init(timing: Timing) {
    chip = SimulatedChip(timing: timing)
    line = SerialLine(isPaced: timing.pacesSerialLine)
  }

  var nextEvent: Duration? { [line.nextEvent, due].compactMap(\.self).min() }

  mutating func hostSent(_ bytes: [UInt8], speed: Int, at now: Duration) {
    counters.bytesFromHost += bytes.count
    line.hostSent(bytes, speed: speed, at: now)
  }

  /// Does what is due; returns what has arrived at the host, with the speed it was sent at.
  mutating func advance(to now: Duration) -> [SerialLine.Chunk] {
    var arrived: [SerialLine.Chunk] = []
    while true {
      if let chunk = line.nextForChip(at: now) {
        receive(chunk)
      } else if let due, due <= now {
        progress(chip.resume(at: now), at: now)
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

  // MARK: From the host

  private mutating func receive(_ chunk: SerialLine.Chunk) {
    for (index, byte) in chunk.bytes.enumerated() {
      let time = chunk.first + chunk.perByte * index
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
      send(lastAnswer, at: time)
    case .malformed:
      acknowledge(at: time)
      answer(.syntaxError, at: acknowledged)
    case .command(let command):
      counters.commands += 1
      acknowledge(at: time)
      chip.requestedSpeed = nil
      progress(chip.begin(command, at: acknowledged), at: acknowledged)
    }
  }

  // MARK: To the host

  private mutating func acknowledge(at time: Duration) {
    acknowledged = send(ChipFrame.acknowledge.encoded, at: time + chip.timing.acknowledgement)
  }

  private mutating func progress(_ progress: ChipProgress, at now: Duration) {
    switch progress {
    case .waiting(let until): due = until
    case .done(let answer):
      due = nil
      self.answer(answer, at: now)
    }
  }

  private mutating func answer(_ answer: ChipAnswer, at time: Duration) {
    let frame: ChipFrame =
      switch answer {
      case .data(let data): .answer(data)
      case .syntaxError: .syntaxError
      }
    lastAnswer = frame.encoded
    send(lastAnswer, at: time)
  }

  @discardableResult
  private mutating func send(_ bytes: [UInt8], at time: Duration) -> Duration {
    guard !bytes.isEmpty else { return time }
    return line.chipSends(bytes, speed: speed, at: time)
  }
}
