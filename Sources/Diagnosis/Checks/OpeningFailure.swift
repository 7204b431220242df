import Reader

/// What to say of a reader that did not open though nothing stands in its way.
enum OpeningFailure {
  static func text(_ error: ReaderError, _ facts: Facts) -> String {
    let name = facts.reader.connstring ?? "the reader"
    switch error {
    case _ where facts.reader.serialAnswer != nil:
      return facts.reader.serialAnswer?.seen(at: name) ?? name
    case .silent, .deadlinePassed:
      return facts.machine.usbReader.map { "\($0.reader.name) at \($0.name) does not answer" }
        ?? "nothing answers at \(name)"
    default: return "\(name): \(error.explanation)"
    }
  }

  static func judge(_ error: ReaderError, _ facts: Facts) -> (FaultStatus, String, Fix) {
    switch error {
    case .permission:
      return (
        .permission, "the system refuses access, and the node's mode does not show why",
        .manual("sudo smartotp doctor")
      )
    case .claimed:
      return (
        .readerFailure, "another program has it, which this user cannot see",
        .manual("sudo smartotp doctor")
      )
    case .notFound:
      return (
        .noReader, "it was unplugged just now, or a sandbox hides it from smartotp-reader",
        .advice("plug it in again; look at the service's settings for devices")
      )
    case .driverMissing: return (.internalError, "the installation is damaged", reinstall)
    default: break
    }
    if let heard = facts.reader.serialAnswer?.judgement { return heard }
    let quirks = facts.machine.target?.attached?.reader.quirks ?? []
    if facts.machine.usbReader != nil {
      let name = facts.machine.target?.attached?.name ?? ""
      return quirks.contains(.mayReset)
        ? (
          .readerFailure, "a crash in the middle of an exchange, or a power-down, left it stuck",
          .manual("smartotp readers --reset \(Shell.word(name))  # else unplug it for five seconds")
        )
        : (
          .readerFailure, "it is stuck; a reset could lose it",
          .advice("unplug it, wait five seconds, plug it in again")
        )
    }
    return (.noReader, silence(on: facts.machine.target?.connstring?.bus), .advice(wiring))
  }

  private static func silence(on bus: Connstring.Bus?) -> String {
    switch bus {
    case .i2c: "the board's switches select another interface than I2C, or SDA and SCL are swapped"
    case .spi: "the board's switches select another interface than SPI, or its wires are swapped"
    default: "the board's switches select another interface than UART, or TX and RX are swapped"
    }
  }

  private static let wiring = "set the board's mode switches, cross TX and RX, check the supply"
  private static let reinstall = Fix.advice("reinstall the package")
}

extension SerialAnswer {
  /// What was heard, and where.
  fileprivate func seen(at name: String) -> String {
    switch self {
    case .silence: "nothing answers at \(name)"
    case .echo: "\(name) sends back what it is sent, and nothing else"
    case .acknowledged: "the chip at \(name) acknowledges commands and answers none"
    case .damaged: "the answers from \(name) arrive damaged"
    case .good: "the chip at \(name) answers, but not to all that libnfc asks when it opens"
    case .foreign(let bytes): "what speaks at \(name) is no PN532: \(Self.text(bytes))"
    }
  }

  /// Nil for what is judged as silence on any other line is.
  fileprivate var judgement: (FaultStatus, String, Fix)? {
    switch self {
    case .silence: nil
    case .echo:
      (
        .noReader, "TX and RX are joined, or an adapter is there with nothing behind it",
        .advice("look at the wires; TX of one side belongs to RX of the other")
      )
    case .acknowledged:
      (
        .readerFailure, "the chip hangs, or its supply breaks down when it begins to work",
        .advice("unplug it for five seconds; feed it from a supply of its own")
      )
    case .damaged:
      (
        .readerFailure, "a bad contact, no common ground, or too long a cable",
        .advice("shorten the cable, connect ground to ground, plug the wires in again")
      )
    case .good:
      (
        .readerFailure,
        "the chip was in the middle of something, or the line loses bytes now and then",
        .manual("smartotp doctor")
      )
    case .foreign:
      (
        .noReader,
        "another kind of device is on this port, or a PN532 that speaks at another speed",
        .advice("see what it is with udevadm info, and name the reader's own port with --reader")
      )
    }
  }

  /// As text where it is text.
  private static func text(_ bytes: [UInt8]) -> String {
    let isText = bytes.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0D || $0 == 0x0A }
    guard isText else { return "\(Bytes.text(bytes))..." }
    let visible = bytes.filter { $0 >= 0x20 }
    return "'\(String(decoding: visible, as: UTF8.self))...'"
  }
}
