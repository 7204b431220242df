import PN53x
import SmartCard

/// What a trace tells, live or from a file, in order.
public enum TraceEvent: Equatable, Sendable {
  case activated(Activation)
  case command([UInt8])
  case response([UInt8])
  /// The field was off, or the card is gone.
  case lost
  case chip(ChipExchange)
  /// Something a reader of the trace should know.
  case note(String)
}

/// A line of a decoded trace.
public struct TraceEntry: Equatable, Sendable {
  public enum Content: Equatable, Sendable {
    case activated(Activation)
    case lost
    case command(CommandExplanation)
    /// - name: of the command that is answered, nil for an answer to nothing.
    /// - took: nanoseconds since the command; nil where that is not known.
    /// - onAir: microseconds that both take on the air at 106 kbit/s, at least.
    case response(ResponseExplanation, to: String?, took: UInt64?, onAir: UInt64)
    case chip(ChipCommandExplanation)
    /// The chip commands shown last came so many times more, with the same results.
    case chipRepeated(Int)
    case note(String)
  }

  /// Nanoseconds since 1970.
  public let time: UInt64
  public let content: Content

  init(_ time: UInt64, _ content: Content) {
    self.time = time
    self.content = content
  }
}
