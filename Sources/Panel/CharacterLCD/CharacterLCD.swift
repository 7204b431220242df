import Appliance
import Synchronization

/// A character LCD: HD44780 or one like it behind a PCF8574 on I2C.
public final class CharacterLCD: OTPDisplay {
  public struct Configuration: Hashable, Sendable {
    /// Such as `/dev/i2c-1`.
    public var bus: String
    /// 7 bits; 0x20 to 0x27 for a PCF8574, 0x38 to 0x3F for a PCF8574A.
    public var address: Int
    /// 16 or 20.
    public var columns: Int
    /// 2 or 4.
    public var rows: Int

    public init(bus: String, address: Int = 0x27, columns: Int = 16, rows: Int = 2) {
      self.bus = bus
      self.address = address
      self.columns = columns
      self.rows = rows
    }
  }

  private struct State {
    var bus: (any I2CBus)?
    var pictureCount = 0
    var pages = PageTurner(secondsPerPage: 3)
  }

  public let name = "lcd"
  private let configuration: Configuration
  private let openBus: I2CBusOpener
  private let state = Mutex(State())

  /// A nibble that a disturbance took or added is made good after so many pictures.
  private static let resynchronizationInterval = 20

  /// Opens nothing; the first picture does.
  ///
  /// - Throws: `.refused` for a size or an address that there is not.
  public convenience init(_ configuration: Configuration) throws(DisplayError) {
    try self.init(configuration) { () throws(DisplayError) in
      try LinuxI2CBus(path: configuration.bus, address: configuration.address)
    }
  }

  init(_ configuration: Configuration, openBus: @escaping I2CBusOpener) throws(DisplayError) {
    guard [16, 20].contains(configuration.columns), [2, 4].contains(configuration.rows) else {
      throw .refused(
        "an LCD of \(configuration.columns) by \(configuration.rows) characters is not known; "
          + "use 16x2, 20x2, 16x4 or 20x4 in the configuration")
    }
    try LinuxI2CBus.check(address: configuration.address)
    self.configuration = configuration
    self.openBus = openBus
  }

  public func show(_ picture: Picture) throws(DisplayError) {
    let deadline = Deadline(milliseconds: Deadline.pictureMilliseconds)
    try state.withLock { state throws(DisplayError) in
      try twice { () throws(DisplayError) in
        do throws(DisplayError) { try show(picture, &state, by: deadline) } catch {
          state.bus = nil
          throw error
        }
      }
    }
  }

  private func show(
    _ picture: Picture, _ state: inout State, by deadline: Deadline
  ) throws(DisplayError) {
    let wire = CharacterLCDWire(backlightIsOn: !picture.isBlank)
    let bus = try ready(&state, wire, by: deadline)
    let layout = CharacterLCDLayout(columns: configuration.columns, rows: configuration.rows)
    let frame = layout.frame(of: picture) { state.pages.page(of: picture, count: $0) }
    for (index, address) in addresses.enumerated() {
      var row = frame.rows[index]
      if index == frame.codeRow { picture.code?.place(in: &row, at: frame.codeColumn) }
      var bytes = wire.text(row, at: address)
      defer {
        row.overwrite()
        bytes.overwrite()
      }
      try bus.perform([.write(bytes)], by: deadline)
    }
  }

  /// The bus, its display initialised or in step again.
  private func ready(
    _ state: inout State, _ wire: CharacterLCDWire, by deadline: Deadline
  ) throws(DisplayError) -> any I2CBus {
    state.pictureCount = (state.pictureCount + 1) % Self.resynchronizationInterval
    if let bus = state.bus {
      if state.pictureCount == 0 { try bus.perform(wire.resynchronization, by: deadline) }
      return bus
    }
    let bus = try openBus()
    try bus.perform(wire.initialization, by: deadline)
    state.bus = bus
    return bus
  }

  /// Where the rows begin in the display memory: the third and fourth go on where the first two end.
  private var addresses: [UInt8] {
    let columns = UInt8(configuration.columns)
    return Array([0x00, 0x40, columns, 0x40 + columns].prefix(configuration.rows))
  }
}
