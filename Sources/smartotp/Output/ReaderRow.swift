import Reader
import ReaderUSB

/// What is known about one reader.
struct ReaderRow: Encodable {
  enum State: String, Encodable {
    case ready
    case failed
    /// A serial port that a PN532 may be behind; nobody asked it.
    case notTried = "not-tried"
    /// libnfc has no driver for it.
    case notDriven = "not-driven"
  }

  var connstring: String?
  var usbPath: String?
  var state: State
  var name: String?
  var chip: String?
  var firmware: String?
  var lineSpeed: UInt32?
  var error: String?

  init(connstring: String?, attached: AttachedReader?, state: State) {
    self.connstring = connstring
    usbPath = attached?.device.port.description
    name = attached?.reader.name
    self.state = state
  }

  var text: String {
    let place = usbPath.map { "usb:\($0)" }
    let names = [connstring ?? place, state.rawValue]
    let details = [
      connstring == nil ? nil : place, name, chip, lineSpeed.map { "\($0) baud" }, error,
    ]
    return names.compactMap { $0 }.joined(separator: "  ") + "  "
      + details.compactMap { $0 }.joined(separator: ", ")
  }
}

/// A reader that came, went or changed.
struct ReaderEventLine: Encodable {
  var event: String
  var usbPath: String
  var connstring: String?
  var name: String
  var kernelDriver: String?

  init(_ change: ReaderChange) {
    let reader: AttachedReader
    switch change {
    case .attached(let attached): (event, reader) = ("reader-attached", attached)
    case .changed(let attached): (event, reader) = ("reader-changed", attached)
    case .detached(let attached): (event, reader) = ("reader-detached", attached)
    }
    usbPath = reader.device.port.description
    connstring = reader.connstring
    name = reader.reader.name
    kernelDriver = reader.kernelDriver
  }

  var text: String {
    let parts = [
      event, "usb:\(usbPath)", name, connstring, kernelDriver.map { "held by driver \($0)" },
    ]
    return parts.compactMap { $0 }.joined(separator: "  ")
  }
}
