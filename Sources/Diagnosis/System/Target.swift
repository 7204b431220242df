import ReaderUSB

/// The reader that the checks are about.
struct Target: Sendable {
  enum Source: Sendable {
    /// Named on the command line or in the environment.
    case user(String)
    case configuration(String)
    /// The first one on the bus.
    case bus
  }

  var name: String
  var source: Source
  /// Nil when the name leads to no reader.
  var connstring: Connstring?
  var attached: AttachedReader?
  var problem: ReaderNameError?

  static let variables = ["SMARTOTP_READER", "LIBNFC_DEFAULT_DEVICE", "LIBNFC_DEVICE"]

  /// The reader that `smartotp` would take: named, configured, on USB, behind a serial bridge.
  static func choose(
    named name: String?, environment: [String: String], configuration: LibNFCConfiguration,
    bus: USBBus, readers: [AttachedReader]
  ) -> Target? {
    if let name { return Target(name, .user("--reader"), bus, readers) }
    for variable in variables {
      if let name = environment[variable], !name.isEmpty {
        return Target(name, .user(variable), bus, readers)
      }
    }
    if let setting = configuration.connstrings.first {
      return Target(setting.value, .configuration(setting.place), bus, readers)
    }
    let found =
      readers.first(where: \.reader.isDrivable)
      ?? readers.first { $0.reader.isSerialBridge && $0.connstring != nil }
    return found.map {
      Target(
        name: $0.name, source: .bus, connstring: $0.connstring.map(Connstring.init), attached: $0)
    }
  }

  private init(
    _ name: String, _ source: Source, _ bus: USBBus, _ readers: [AttachedReader]
  ) {
    self.name = DisplayText.safe(name)
    self.source = source
    do throws(ReaderNameError) {
      let text = try ReaderName.connstring(for: name, on: bus)
      connstring = Connstring(text)
      attached = bus.reader(for: text, among: readers)
      if attached == nil, connstring?.bus == .usb, connstring?.namesNumbers == false {
        let driver = text.split(separator: ":").first.map(String.init) ?? ""
        attached = readers.first { $0.reader.access == .libnfc(driver: driver) }
      }
    } catch {
      problem = error
    }
  }

  private init(
    name: String, source: Source, connstring: Connstring?, attached: AttachedReader?
  ) {
    self.name = name
    self.source = source
    self.connstring = connstring
    self.attached = attached
  }

  var sourceText: String {
    switch source {
    case .user(let place), .configuration(let place): place
    case .bus: "found on the bus"
    }
  }
}
