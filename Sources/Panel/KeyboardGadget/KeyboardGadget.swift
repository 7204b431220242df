import Appliance
import Glibc
import Synchronization

/// Types each code once into the computer that this machine is plugged into as a USB keyboard.
public final class KeyboardGadget: OTPDisplay {
  public struct Configuration: Hashable, Sendable {
    /// The gadget's node, such as `/dev/hidg0`.
    public var device: String
    /// Whether Enter follows the code.
    public var pressesEnter: Bool
    /// Types on the keypad, which is the same on every keyboard layout, and takes care of Num Lock.
    public var isLayoutSafe: Bool

    public init(
      device: String = "/dev/hidg0", pressesEnter: Bool = false, isLayoutSafe: Bool = true
    ) {
      self.device = device
      self.pressesEnter = pressesEnter
      self.isLayoutSafe = isLayoutSafe
    }
  }

  private struct State: ~Copyable {
    var host: KeyboardHost?
    var lastTyped: UInt64?
    /// A key went down and the host may not have seen it come up.
    var mayBePressed = false
  }

  public let name = "keyboard"
  private let configuration: Configuration
  private let keys: DigitKeys
  private let opener: DeviceOpener
  private let state = Mutex(State())

  private static let typingMilliseconds = 800
  private static let releaseMilliseconds = 100

  /// Opens nothing; the first picture does.
  public convenience init(_ configuration: Configuration) {
    self.init(configuration, opener: systemOpener)
  }

  init(_ configuration: Configuration, opener: @escaping DeviceOpener) {
    self.configuration = configuration
    self.opener = opener
    keys = configuration.isLayoutSafe ? .keypad : .topRow
  }

  public func show(_ picture: Picture) throws(DisplayError) {
    try state.withLock { state throws(DisplayError) in
      if state.host == nil {
        let file = try DeviceFile(opening: configuration.device, flags: O_RDWR, with: opener)
        state.host = KeyboardHost(file)
      }
      do throws(DisplayError) { try show(picture, &state) } catch {
        release(&state)
        state.host = nil
        throw error
      }
    }
  }

  private func show(_ picture: Picture, _ state: inout State) throws(DisplayError) {
    let deadline = Deadline(milliseconds: Self.typingMilliseconds)
    state.host?.readLights()
    if state.mayBePressed {
      try state.host?.send(KeyReport.released, by: deadline)
      state.mayBePressed = false
    }
    guard let code = picture.code, code.number != state.lastTyped else { return }
    // Nothing is down, and once the host has taken that, it listens: a key that it fetched after the
    // code's end would be typed into whatever has the focus then.
    try state.host?.send(KeyReport.released, by: deadline)
    try type(code, &state, by: deadline)
  }

  private func type(
    _ code: ShownCode, _ state: inout State, by deadline: Deadline
  ) throws(DisplayError) {
    var usages = code.withDigits { digits in
      (0..<min(digits.count, ShownCode.maximumDigitCount)).map { keys.usage(of: digits[$0]) }
    }
    defer { usages.overwrite() }
    guard !usages.isEmpty else { return }
    state.mayBePressed = true
    let restoresNumLock = keys == .keypad ? try switchNumLockOn(&state, by: deadline) : false
    // From the first digit on, typing it again would leave two halves of a code in the field.
    state.lastTyped = code.number
    for usage in usages { try state.host?.tap(usage, by: deadline) }
    if configuration.pressesEnter { try state.host?.tap(keys.enter, by: deadline) }
    if restoresNumLock { try state.host?.tap(KeyReport.numLock, by: deadline) }
    state.mayBePressed = false
  }

  /// - Returns: whether it was off, as far as the host tells. One that tells nothing at all, as a Mac,
  ///   has digits on its keypad always; it gets Num Lock twice, which changes nothing.
  private func switchNumLockOn(
    _ state: inout State, by deadline: Deadline
  ) throws(DisplayError) -> Bool {
    guard state.host?.numLockIsOn != true else { return false }
    let wasKnown = state.host?.numLockIsOn != nil
    try state.host?.tapNumLock(by: deadline)
    if wasKnown || state.host?.numLockIsOn == true { return true }
    try state.host?.tapNumLock(by: deadline)
    return false
  }

  private func release(_ state: inout State) {
    guard state.mayBePressed else { return }
    let deadline = Deadline(milliseconds: Self.releaseMilliseconds)
    do {
      try state.host?.send(KeyReport.released, by: deadline)
      state.mayBePressed = false
    } catch {
      // Tried again with the next picture.
    }
  }
}
