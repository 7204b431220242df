/// One chip command and what became of it, for a trace.
public struct ChipExchange: Equatable, Sendable {
  public enum Outcome: Equatable, Sendable {
    /// The answer after its code, a status byte included.
    case answer([UInt8])
    /// The chip refused or failed, with this status byte.
    case status(UInt8)
    /// Nothing usable came back. The code is libnfc's, 0 for an answer longer than any may be.
    case noAnswer(code: Int32)
  }

  /// The command from its code on.
  public var command: [UInt8]
  public var outcome: Outcome
  /// From handing the command to libnfc to having the answer.
  public var microseconds: UInt32

  public init(command: [UInt8], outcome: Outcome, microseconds: UInt32) {
    self.command = command
    self.outcome = outcome
    self.microseconds = microseconds
  }
}
