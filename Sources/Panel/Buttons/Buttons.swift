import Appliance
import Threads

/// A button, a keypad or a keyboard, through evdev. Other programs get its keys too: it is not grabbed.
public final class Buttons: CustomerInput {
  public struct Configuration: Hashable, Sendable {
    /// Such as `/dev/input/event0`, or a name below /dev/input/by-id, which stays the same.
    public var device: String
    /// Which keys mean no, as linux/input-event-codes.h calls them, or by number.
    public var cancelKeys: [String]

    public init(device: String, cancelKeys: [String] = ["KEY_ESC", "KEY_CANCEL"]) {
      self.device = device
      self.cancelKeys = cancelKeys
    }
  }

  public let name = "button"
  private let device: String
  private let cancelKeys: Set<UInt16>

  /// Presses that nobody has taken; older ones are forgotten.
  private static let maximumWaiting = 8

  /// Opens nothing; `presses` does.
  ///
  /// - Throws: `.refused` for a name that is no key's.
  public init(_ configuration: Configuration) throws(DisplayError) {
    device = configuration.device
    var codes: Set<UInt16> = []
    for name in configuration.cancelKeys {
      guard let code = KeyName.code(name) else {
        throw .refused(
          "\(name) is no key's name that is known here; use its number, as `evtest \(device)` shows it"
        )
      }
      codes.insert(code)
    }
    cancelKeys = codes
  }

  /// Ends only when the consumer stops.
  public func presses() -> AsyncStream<Press> {
    AsyncStream(bufferingPolicy: .bufferingNewest(Self.maximumWaiting)) { continuation in
      guard let stop = StopSignal() else { return continuation.finish() }
      continuation.onTermination = { _ in stop.give() }
      let thread = ButtonThread(path: device, cancelKeys: cancelKeys, stop: stop) {
        continuation.yield($0)
      }
      if !DetachedThread.run({ thread.run() }) { continuation.finish() }
    }
  }
}
