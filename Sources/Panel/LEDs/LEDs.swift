import Appliance
import Synchronization

/// Up to three lights that say how the appliance is; they say nothing of a code but that there is one.
public final class LEDs: OTPDisplay {
  /// Names below /sys/class/leds; nil where there is no such light.
  public struct Configuration: Hashable, Sendable {
    public var ready: String?
    public var busy: String?
    public var fault: String?

    public init(ready: String? = nil, busy: String? = nil, fault: String? = nil) {
      self.ready = ready
      self.busy = busy
      self.fault = fault
    }
  }

  public let name = "leds"
  private let lights: [(led: LED, pattern: @Sendable (LEDPatterns) -> LEDPattern)]
  /// What each light does; a light that failed is not among them.
  private let shown = Mutex<[String: LEDPattern]>([:])

  /// Opens nothing; the first picture does.
  ///
  /// - Throws: `.refused` for a name that is a path.
  public convenience init(_ configuration: Configuration) throws(DisplayError) {
    try self.init(configuration, folder: "/sys/class/leds", opener: systemOpener)
  }

  init(
    _ configuration: Configuration, folder: String, opener: @escaping DeviceOpener
  ) throws(DisplayError) {
    func led(_ name: String) throws(DisplayError) -> LED {
      guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
        throw .refused("\(name) is no LED's name; use one that `ls /sys/class/leds` lists")
      }
      return LED(folder: "\(folder)/\(name)", opener: opener)
    }
    var lights: [(LED, @Sendable (LEDPatterns) -> LEDPattern)] = []
    if let name = configuration.ready { lights.append((try led(name), { $0.ready })) }
    if let name = configuration.busy { lights.append((try led(name), { $0.busy })) }
    if let name = configuration.fault { lights.append((try led(name), { $0.fault })) }
    self.lights = lights
  }

  public func show(_ picture: Picture) throws(DisplayError) {
    let deadline = Deadline(milliseconds: Deadline.pictureMilliseconds)
    let patterns = LEDPatterns(picture)
    try shown.withLock { shown throws(DisplayError) in
      var failure: DisplayError?
      for (led, choose) in lights where shown[led.folder] != choose(patterns) {
        // One light that is missing does not darken the others.
        do throws(DisplayError) {
          try led.show(choose(patterns), by: deadline)
          shown[led.folder] = choose(patterns)
        } catch {
          shown[led.folder] = nil
          failure = failure ?? error
        }
      }
      if let failure { throw failure }
    }
  }
}
