import Synchronization

/// The appliance's reader, given to another program of this machine. It comes back with `end()`, at the
/// latest when the loan is forgotten.
public final class ReaderLoan: Sendable {
  private let isOver = Atomic<Bool>(false)
  private let takeBack: @Sendable () -> Void

  /// - Parameter takeBack: called once.
  public init(takeBack: @escaping @Sendable () -> Void) { self.takeBack = takeBack }

  deinit { end() }

  /// May be called again.
  public func end() {
    if !isOver.exchange(true, ordering: .relaxed) { takeBack() }
  }
}
