import Appliance
import Panel
import Settings

/// The displays and inputs that the settings name. One that cannot be made costs a warning (S12).
struct ConfiguredPanel: Sendable {
  var displays: [any OTPDisplay] = []
  var inputs: [any CustomerInput] = []
  var warnings: [String] = []

  init(_ settings: ApplianceSettings) {
    let display = settings.display
    if let terminal = display.terminal {
      displays.append(Terminal(Terminal.Configuration(device: terminal.device)))
    }
    if let lcd = display.lcd {
      add { () throws(DisplayError) in
        try CharacterLCD(
          CharacterLCD.Configuration(
            bus: lcd.bus, address: Int(lcd.address), columns: lcd.columns, rows: lcd.rows))
      }
    }
    if let oled = display.oled {
      add { () throws(DisplayError) in
        try OLED(
          OLED.Configuration(
            bus: oled.bus, address: Int(oled.address), width: oled.width, height: oled.height))
      }
    }
    if let keyboard = display.keyboard {
      displays.append(
        KeyboardGadget(
          KeyboardGadget.Configuration(
            device: keyboard.device, pressesEnter: keyboard.enter,
            isLayoutSafe: keyboard.layoutSafe)))
    }
    if let serial = display.serial {
      add { () throws(DisplayError) in
        try SerialLine(SerialLine.Configuration(device: serial.device, speed: serial.speed))
      }
    }
    if let leds = display.leds {
      add { () throws(DisplayError) in
        try LEDs(LEDs.Configuration(ready: leds.ready, busy: leds.busy, fault: leds.fault))
      }
    }
    addInputs(settings.input)
    if displays.isEmpty, !settings.branch.showsCode {
      warnings.append(
        "no display is configured and branch.show-code is off: nobody can see a code")
    }
  }

  private mutating func addInputs(_ input: InputSettings) {
    guard let button = input.button else { return }
    do throws(DisplayError) {
      inputs.append(
        try Buttons(Buttons.Configuration(device: button.device, cancelKeys: button.cancel)))
    } catch { warnings.append("input button: \(error.explanation)") }
  }

  private mutating func add(_ make: () throws(DisplayError) -> any OTPDisplay) {
    do throws(DisplayError) { displays.append(try make()) } catch {
      warnings.append("display: \(error.explanation)")
    }
  }
}
