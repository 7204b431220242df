/// Something that shows the customer, or the teller, what the appliance says.
///
/// A display keeps no state that matters: each picture says all that is to be seen, and takes the
/// place of what was there. The appliance calls a display on a thread of its own, one picture at a
/// time; one that is slow sees only the newest. A display that fails costs a warning (S12), and is
/// tried again with the next picture.
public protocol OTPDisplay: AnyObject, Sendable {
  /// As the configuration calls it, such as `terminal` or `lcd`.
  var name: String { get }

  /// Shows `picture`; blocks until it is there, a second at most.
  ///
  /// Of a code that was shown before nothing may be left afterwards, neither in sight nor in the
  /// display's own memory.
  func show(_ picture: Picture) throws(DisplayError)
}

/// Why a display shows nothing.
public enum DisplayError: Error, Hashable, Sendable {
  /// There is no such device.
  case absent(String)
  /// The system refuses access to it.
  case refused(String)
  /// It did not take what was sent.
  case failed(String)

  /// What failed and what to do, in one line.
  public var explanation: String {
    switch self {
    case .absent(let what), .refused(let what), .failed(let what): what
    }
  }
}
