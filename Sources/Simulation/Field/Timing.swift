/// How long things take.
///
/// Work (a byte on a wire or in the air, a card's computing) takes its time only when paced.
/// Waiting for what does not come (a card that is not there, an answer that is late, a polling
/// period) takes its time always.
public struct Timing: Sendable {
  /// Bytes on the serial line take ten bits each at the line's speed.
  public var pacesSerialLine = true
  /// A byte and its parity bit at 106 kbit/s, type A: nine bits of 9.44 µs.
  public var airByteA = Duration.microseconds(85)
  /// A byte with start, stop and guard bits at 106 kbit/s, type B.
  public var airByteB = Duration.microseconds(97)
  /// The pause between a frame and its answer, and before the next frame (ISO/IEC 14443-3 §6.2).
  public var frameDelay = Duration.microseconds(90)
  /// What the chip's firmware takes for each frame of an activation.
  public var activationStep = Duration.microseconds(1_000)
  /// What the chip's firmware takes for a data exchange.
  public var exchangeStep = Duration.microseconds(250)
  /// From field on to the first frame (ISO/IEC 14443-3 §5: 5 ms).
  public var fieldGuard = Duration.milliseconds(5)
  /// From a command's last byte to the chip's acknowledgement.
  public var acknowledgement = Duration.microseconds(150)
  /// What a command that touches neither field nor card takes.
  public var housekeeping = Duration.microseconds(200)
  /// From the wake-up condition to the first byte that is not lost.
  public var wakeUp = Duration.microseconds(300)
  /// Whether a card's own computing takes time.
  public var pacesComputing = true
  /// A poll that no card answers.
  public var failedTry = Duration.milliseconds(5)

  public static let paced = Timing()

  public static let unpaced = Timing(
    pacesSerialLine: false, airByteA: .zero, airByteB: .zero, frameDelay: .zero,
    activationStep: .zero, exchangeStep: .zero, fieldGuard: .zero, acknowledgement: .zero,
    housekeeping: .zero, wakeUp: .zero, pacesComputing: false)

  /// The time a frame is on the air.
  func airTime(_ frame: AirFrame) -> Duration {
    let byte = frame.technology == .a ? airByteA : airByteB
    return byte * frame.bytes.count / (1 << Int(frame.rate.rawValue))
  }
}
