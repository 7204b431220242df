import Appliance
import DeviceIdentity
import ReaderUSB

extension Impediment {
  /// What an error of the device's state means for the service (S4, S5, S11).
  ///
  /// - Parameters:
  ///   - state: the state directory.
  ///   - root: a folder that stands for `/`, left out of the texts.
  ///   - user: who smartotpd is.
  public init(
    _ error: DeviceIdentityError, state: String, root: String = "", user: String = "smartotp"
  ) {
    let text = Self.text(error, root: root)
    let user = ShellWord.quoted(user)
    let path = ShellWord.quoted(state)
    let register =
      "sudo -u \(user) smartotp device register --identity \(path) --center URL --ca FILE"
    switch error {
    case .notRegistered:
      self.init(
        .deviceNotRegistered, finding: "this device is not registered (\(state))", fix: register)
    case .otherHardware:
      self.init(
        .copiedState, finding: "the state in \(state) was made on other hardware",
        fix: "register this device again: \(register)")
    case .damaged:
      self.init(
        .stateUnreadable, finding: text, fix: "register this device again: \(register)")
    case .exposed(let file, _):
      let file = ShellWord.quoted(Self.without(root, file))
      self.init(
        .stateExposed, finding: text,
        fix: "sudo chmod go= \(file), and register this device again if somebody may have read it")
    case .permission:
      self.init(.stateUnreadable, finding: text, fix: "sudo chown -R \(user): \(path)")
    case .hardwareUnreadable:
      self.init(
        .stateUnreadable, finding: text,
        fix: "register this device again as the user that runs smartotpd: \(register)")
    case .noMachineID:
      self.init(.stateUnreadable, finding: text, fix: "sudo systemd-machine-id-setup")
    case .system, .cryptography, .tooManyCards, .cardUnknown:
      self.init(.stateUnreadable, finding: text, fix: "smartotp device status --identity \(path)")
    }
  }

  /// The error's own words, up to its advice.
  private static func text(_ error: DeviceIdentityError, root: String) -> String {
    let text = without(root, error.description)
    return DisplayText.safe(text.split(separator: ";").first.map(String.init) ?? text)
  }

  private static func without(_ root: String, _ text: String) -> String {
    guard !root.isEmpty else { return text }
    return text.split(separator: root, omittingEmptySubsequences: false).joined()
  }
}
