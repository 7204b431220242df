import SmartCard

/// What a command APDU asks of the card, in words.
public struct CommandExplanation: Equatable, Sendable {
  /// The instruction's name, or its number.
  public let name: String
  /// What its parameters say; nil where there is nothing to say.
  public let detail: String?
  public let fields: [DataField]
  /// Data that are not part of a whole data object.
  public let unexplained: MaskedBytes
  /// The whole APDU.
  public let bytes: MaskedBytes

  /// - Parameters:
  ///   - command: the APDU as read; nil where it could not be.
  ///   - bytes: the APDU as it may be shown.
  ///   - dialect: whose instructions these are.
  ///   - begun: what the parts before this one of a command chain left over.
  init(
    _ command: CommandAPDU?, bytes: MaskedBytes, dialect: Dialect, begun: MaskedBytes = .shown([])
  ) {
    self.bytes = bytes
    guard let command else {
      name = "no command APDU"
      detail = "\(ShownText.byteCount(bytes.count)) whose lengths do not fit"
      fields = []
      unexplained = .shown([])
      return
    }
    name = Self.name(of: command, in: dialect)
    let data = bytes[command.dataRange(in: bytes.bytes)]
    // An identifier, a file or a path: in the detail.
    let isSelection = command.selectsApplication && dialect != .foreign
    let parsed =
      isSelection ? DataFields() : DataFields(command: begun + data, dialect: dialect)
    fields = parsed.fields
    unexplained = parsed.rest
    let parts = [
      Self.classText(command.cla), Self.parameterText(of: command, data: data, in: dialect),
      command.expectedLength.map { "up to \($0) bytes wanted" },
    ].compactMap(\.self)
    detail = parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private static func name(of command: CommandAPDU, in dialect: Dialect) -> String {
    let number = "instruction \(Hexadecimal.text([command.ins]))"
    guard dialect != .foreign else { return number }
    if command.selectsApplication { return "SELECT" }
    let oath = dialect == .oath ? InstructionName.oath(command.ins) : nil
    return oath ?? InstructionName.iso7816(command.ins) ?? number
  }

  private static func classText(_ cla: UInt8) -> String? {
    if cla & 0x80 != 0 { return "class \(Hexadecimal.text([cla]))" }
    var words: [String] = []
    if cla & CommandAPDU.chainingBit != 0 { words.append("more to follow") }
    let channel = cla & 0x40 == 0 ? cla & 0x03 : 4 + (cla & 0x0F)
    if channel > 0 { words.append("channel \(channel)") }
    let isSecure = cla & 0x40 == 0 ? cla & 0x0C != 0 : cla & 0x20 != 0
    if isSecure { words.append("secure messaging") }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }
}

/// Whose instructions a card takes.
enum Dialect: Equatable, Sendable {
  /// ISO/IEC 7816-4; the application is another than OATH, or none is known to be selected.
  case iso7816
  /// The OATH application is selected.
  case oath
  /// The class byte is proprietary.
  case foreign
}

extension DataFields {
  /// Commands outside OATH seldom carry data objects: PINs and file contents would pass for some.
  init(command data: MaskedBytes, dialect: Dialect) {
    if dialect == .oath { self.init(oath: data) } else { self.init(rest: data) }
  }

  init(response data: MaskedBytes, dialect: Dialect, toSelection: Bool) {
    switch dialect {
    case .oath: self.init(oath: data, toSelection: toSelection)
    case .iso7816: self.init(berTLV: data)
    case .foreign: self.init(rest: data)
    }
  }
}
