import SmartCard

/// Masks the APDUs of one card. It must see them all, in order: what a command's data means depends
/// on the application selected, what a response's means on the command.
///
/// Total, and closed where it knows nothing: before a known application is selected, in an unknown
/// one, and where an APDU cannot be read, it masks all that is behind the header and before the
/// status word.
struct APDUMasker {
  let masking: Masking
  private(set) var isOATHSelected = false
  /// Whether the application asked for is OATH, until the card has agreed to it.
  private var selection: Bool?
  var selectsOATH: Bool { selection == true }
  private var command = DataMask(.nothing)
  private var response = DataMask(.nothing)
  /// The instruction of the command chain that is under way.
  private var chainedInstruction: UInt8?

  private static let oathIdentifier: [UInt8] = [0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01]

  init(_ masking: Masking) {
    self.masking = masking
  }

  mutating func command(_ bytes: [UInt8]) -> MaskedBytes {
    if masking == .none { return .shown(bytes) }
    guard let apdu = try? CommandAPDU(parsing: bytes) else {
      begin(VisibleExchange())
      isOATHSelected = false
      return .shown(bytes.prefix(4)) + .hidden(bytes.dropFirst(4).count)
    }
    if apdu.fetchesMore {
      command = DataMask(.nothing)
    } else if chainedInstruction != apdu.ins {
      begin(rule(for: apdu))
      if apdu.selectsApplication { select(apdu) }
    }
    let isChained = apdu.cla & CommandAPDU.chainingBit != 0
    chainedInstruction = isChained ? apdu.ins : nil
    return apdu.encoding(bytes, with: command.mask(apdu.data, isLast: !isChained))
  }

  mutating func response(_ bytes: [UInt8]) -> MaskedBytes {
    if masking == .none { return .shown(bytes) }
    guard let apdu = try? ResponseAPDU(parsing: bytes) else {
      begin(VisibleExchange())
      return .hidden(bytes.count)
    }
    let hasMore = apdu.statusWord.sw1 == 0x61
    if let selection, apdu.statusWord.isSuccess || hasMore { isOATHSelected = selection }
    selection = nil
    let data = response.mask(apdu.data, isLast: !hasMore)
    // A second response to one command would be another's.
    if !hasMore, chainedInstruction == nil { response = DataMask(.nothing) }
    return data + .shown([apdu.statusWord.sw1, apdu.statusWord.sw2])
  }

  private mutating func begin(_ exchange: VisibleExchange) {
    command = DataMask(exchange.command)
    response = DataMask(exchange.response)
    selection = nil
  }

  /// Until the card answers, either application may be the selected one: neither is trusted.
  private mutating func select(_ apdu: CommandAPDU) {
    selection = apdu.data.starts(with: Self.oathIdentifier)
    isOATHSelected = false
  }

  private func rule(for apdu: CommandAPDU) -> VisibleExchange {
    guard apdu.cla & ~CommandAPDU.chainingBit == 0 else { return VisibleExchange() }
    if apdu.selectsApplication {
      return apdu.data.starts(with: Self.oathIdentifier) ? .selectOATH : .selectOther
    }
    return isOATHSelected
      ? .oath(instruction: apdu.ins, p1: apdu.p1, p2: apdu.p2) : VisibleExchange()
  }
}

/// Masks one data field, which may come in parts.
private enum DataMask {
  case nothing
  case applicationIdentifier
  case objects(DataObjectMask)

  private static let longestIdentifier = 16

  init(_ visible: VisibleData) {
    switch visible {
    case .nothing: self = .nothing
    case .applicationIdentifier: self = .applicationIdentifier
    case .objects(let tags): self = .objects(DataObjectMask(visibleTags: tags))
    }
  }

  mutating func mask(_ part: [UInt8], isLast: Bool) -> MaskedBytes {
    switch self {
    case .applicationIdentifier where part.count <= Self.longestIdentifier:
      return .shown(part)
    case .nothing, .applicationIdentifier:
      return .hidden(part.count)
    case .objects(var mask):
      let result = mask.mask(part, isLast: isLast)
      self = .objects(mask)
      return result
    }
  }
}

extension CommandAPDU {
  /// SELECT, and every other command with its instruction but CALCULATE ALL.
  var selectsApplication: Bool {
    ins == 0xA4 && !(p1 == 0x00 && p2 == 0x01)
  }

  /// SEND REMAINING and GET RESPONSE: the response goes on.
  var fetchesMore: Bool {
    cla == 0 && (ins == 0xA5 || ins == 0xC0)
  }

  /// Where the data field stands in the bytes that this was read from.
  func dataRange(in bytes: [UInt8]) -> Range<Int> {
    if data.isEmpty { return bytes.count..<bytes.count }
    let start = bytes[4] == 0 ? 7 : 5
    return start..<start + data.count
  }

  /// The bytes that this was read from, with their data as they may be shown.
  fileprivate func encoding(_ bytes: [UInt8], with data: MaskedBytes) -> MaskedBytes {
    let range = dataRange(in: bytes)
    return .shown(bytes[..<range.lowerBound]) + data + .shown(bytes[range.upperBound...])
  }
}
