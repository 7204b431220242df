/// The chip's radio: it sends frames into the field and keeps count of the time they take.
struct RadioFrontEnd {
  var field: RadioField
  var settings = RadioSettings()
  /// How long the command that runs has taken so far.
  private(set) var elapsed: Duration = .zero

  private var timing: Timing { field.timing }

  init(timing: Timing) {
    field = RadioField(timing: timing)
  }

  mutating func restartClock() { elapsed = .zero }
  mutating func spend(_ duration: Duration) { elapsed += duration }

  mutating func switchOn() {
    guard !field.isOn else { return }
    field.switchOn()
    elapsed += timing.fieldGuard
  }

  /// Sends a frame and waits for what the field answers; every answer that comes in time.
  mutating func transmit(_ frame: AirFrame, timeout: Duration?) -> [AirAnswer] {
    elapsed += timing.airTime(frame) + timing.frameDelay
    let answers = field.transmit(frame).filter { answer in
      timeout.map { answer.delay <= $0 } ?? true
    }
    guard let last = answers.map(\.delay).max(), let longest = answers.map(\.bytes.count).max()
    else { return [] }
    let air = AirFrame(
      technology: frame.technology, bytes: [UInt8](repeating: 0, count: longest), rate: frame.rate)
    elapsed += last + timing.airTime(air) + timing.frameDelay
    return answers
  }

  /// Exchanges one checked frame with the one card that is addressed.
  mutating func exchange(
    _ technology: CardTechnology, _ body: [UInt8], rate: BitRate = .kbit106, timeout: Duration
  ) -> Result<[UInt8], AirFailure> {
    let answers = transmit(.sealed(technology, body, rate: rate), timeout: timeout)
    guard let first = answers.first else {
      elapsed += timeout
      return .failure(.silence)
    }
    guard answers.allSatisfy({ $0.bytes == first.bytes }) else { return .failure(.collision) }
    guard let answer = technology.opened(first.bytes) else { return .failure(.damaged) }
    return .success(answer)
  }
}
