/// Something that goes wrong with a transfer (a USB request block or a synchronous call).
public struct TransferFault: Equatable, Sendable {
  public enum Action: Equatable, Sendable {
    /// The device is gone. It comes back after a while, or when it is plugged in.
    case vanish(Vanishing, returnsAfter: Duration?)
    /// The endpoint halts: EPIPE, until the halt is cleared.
    case stall
    /// No more than so many bytes arrive.
    case short(Int)
    /// The device sends more than it may: EOVERFLOW.
    case babble
    /// Nothing usable comes over the cable: EPROTO. The device did not see the transfer, or keeps
    /// what it has for the host.
    case disturbed
    /// It never completes, until the host discards it. What the device has for the host stays.
    case hang
    /// The bus resets the device while it is under way.
    case reset
    /// It completes later.
    case delay(Duration)
  }

  /// When the device goes, seen from the transfer.
  public enum Vanishing: String, Sendable, CaseIterable {
    /// Before it: submitting fails.
    case before
    /// Under way: it never reaches the other side.
    case during
    /// It has reached the other side, which the host does not learn.
    case after
  }

  /// Which transfers count.
  public enum Pipe: String, Sendable, CaseIterable {
    case input = "in"
    case output = "out"
    case control
  }

  public var action: Action
  public var pipe: Pipe?
  /// Counted from 0, from when it is armed.
  public var index: Int
  public var repeats: Bool

  public init(_ action: Action, pipe: Pipe? = nil, index: Int = 0, repeats: Bool = false) {
    self.action = action
    self.pipe = pipe
    self.index = index
    self.repeats = repeats
  }
}

/// How many transfers a device has seen.
public struct TransferCounts: Equatable, Sendable {
  public var input = 0
  public var output = 0
  public var control = 0
  /// Those the host gave up.
  public var discarded = 0

  public var bulk: Int { input + output }
  public var all: Int { input + output + control }

  public init() {}

  mutating func add(_ pipe: TransferFault.Pipe) {
    switch pipe {
    case .input: input += 1
    case .output: output += 1
    case .control: control += 1
    }
  }
}
