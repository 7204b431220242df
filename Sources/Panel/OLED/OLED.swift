import Appliance
import Synchronization

/// A graphic display of 128 by 64 or 128 by 32 dots: SSD1306 on I2C.
public final class OLED: OTPDisplay {
  public struct Configuration: Hashable, Sendable {
    /// Such as `/dev/i2c-1`.
    public var bus: String
    /// 7 bits; 0x3C, or 0x3D with SA0 high.
    public var address: Int
    /// 128.
    public var width: Int
    /// 64 or 32.
    public var height: Int

    public init(bus: String, address: Int = 0x3C, width: Int = 128, height: Int = 64) {
      self.bus = bus
      self.address = address
      self.width = width
      self.height = height
    }
  }

  private struct State {
    var bus: (any I2CBus)?
    /// What the display's memory holds.
    var shown: PixelFrame
    var next: PixelFrame
    var isOn = false
    var pages = PageTurner(secondsPerPage: 4)
  }

  public let name = "oled"
  private let configuration: Configuration
  private let openBus: I2CBusOpener
  private let state: Mutex<State>

  /// Opens nothing; the first picture does.
  ///
  /// - Throws: `.refused` for a size or an address that there is not.
  public convenience init(_ configuration: Configuration) throws(DisplayError) {
    try self.init(configuration) { () throws(DisplayError) in
      try LinuxI2CBus(path: configuration.bus, address: configuration.address)
    }
  }

  init(_ configuration: Configuration, openBus: @escaping I2CBusOpener) throws(DisplayError) {
    guard configuration.width == 128, [32, 64].contains(configuration.height) else {
      throw .refused(
        "an OLED of \(configuration.width) by \(configuration.height) dots is not known; use 128x64 "
          + "or 128x32 in the configuration")
    }
    try LinuxI2CBus.check(address: configuration.address)
    self.configuration = configuration
    self.openBus = openBus
    let frame = PixelFrame(pageCount: configuration.height == 32 ? 4 : 8)
    state = Mutex(State(shown: frame, next: frame))
  }

  public func show(_ picture: Picture) throws(DisplayError) {
    let deadline = Deadline(milliseconds: Deadline.pictureMilliseconds)
    try state.withLock { state throws(DisplayError) in
      try twice { () throws(DisplayError) in
        do throws(DisplayError) { try show(picture, &state, by: deadline) } catch {
          state.bus = nil
          state.shown.clear()
          state.next.clear()
          throw error
        }
      }
    }
  }

  private func show(
    _ picture: Picture, _ state: inout State, by deadline: Deadline
  ) throws(DisplayError) {
    let wire = OLEDWire(height: configuration.height)
    let bus = try ready(&state, wire, by: deadline)
    OLEDLayout(pageCount: state.next.pageCount).draw(picture, into: &state.next) {
      state.pages.page(of: picture, count: $0)
    }
    for index in 0..<state.next.pageCount where state.next.page(index) != state.shown.page(index) {
      var data = wire.data(state.next.page(index))
      defer { data.overwrite() }
      try bus.perform([.write(wire.address(page: index)), .write(data)], by: deadline)
    }
    swap(&state.shown, &state.next)
    state.next.clear()
    if state.isOn == picture.isBlank {
      try bus.perform([wire.switched(on: !picture.isBlank)], by: deadline)
      state.isOn = !picture.isBlank
    }
  }

  private func ready(
    _ state: inout State, _ wire: OLEDWire, by deadline: Deadline
  ) throws(DisplayError) -> any I2CBus {
    if let bus = state.bus { return bus }
    let bus = try openBus()
    try bus.perform(wire.initialization, by: deadline)
    state.isOn = true
    state.bus = bus
    return bus
  }
}
