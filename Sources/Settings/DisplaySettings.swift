/// The displays that are there; nil for those that are not.
public struct DisplaySettings: Hashable, Sendable {
  public var terminal: Terminal?
  public var lcd: CharacterLCD?
  public var oled: OLED?
  public var keyboard: Keyboard?
  public var serial: Serial?
  public var leds: LEDs?

  public init() {}

  public struct Terminal: Hashable, Sendable {
    /// `-` for standard output.
    public var device = "/dev/tty1"

    public init() {}
  }

  /// HD44780 behind a PCF8574 on I2C.
  public struct CharacterLCD: Hashable, Sendable {
    public var bus = "/dev/i2c-1"
    public var address: UInt8 = 0x27
    public var columns = 16
    public var rows = 2

    public init() {}
  }

  /// SSD1306 on I2C.
  public struct OLED: Hashable, Sendable {
    public var bus = "/dev/i2c-1"
    public var address: UInt8 = 0x3C
    /// Pixels.
    public var width = 128
    public var height = 64

    public init() {}
  }

  /// The machine acts as a USB keyboard and types the code.
  public struct Keyboard: Hashable, Sendable {
    public var device = "/dev/hidg0"
    /// Presses Enter behind the code.
    public var enter = true
    /// Types on the number pad, whose keys are the same in each country's layout.
    public var layoutSafe = true

    public init() {}
  }

  public struct Serial: Hashable, Sendable {
    public var device: String
    /// Baud.
    public var speed = 9600

    public static let speeds = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200]

    public init(device: String) { self.device = device }
  }

  /// Names below `/sys/class/leds`.
  public struct LEDs: Hashable, Sendable {
    public var ready: String?
    public var busy: String?
    public var fault: String?

    public init() {}
  }
}
