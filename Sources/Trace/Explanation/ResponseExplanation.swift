import SmartCard

/// What a card answered, in words.
public struct ResponseExplanation: Equatable, Sendable {
  /// Nil for an answer that is too short to have one.
  public let statusWord: StatusWord?
  /// What the status word means after this command.
  public let meaning: String
  public let fields: [DataField]
  /// Data that are not part of a whole data object, or not all of it.
  public let unexplained: MaskedBytes
  /// The whole APDU.
  public let bytes: MaskedBytes
  /// Bytes in front of the status word.
  public var dataCount: Int { max(0, bytes.count - 2) }

  /// - Parameters:
  ///   - response: the APDU as read; nil where it could not be.
  ///   - bytes: the APDU as it may be shown.
  ///   - dialect: whose answer it is.
  ///   - instruction: which command it answers, where that is known.
  ///   - toSelection: whether that command selected the application.
  ///   - begun: what the parts before this one of a response chain left over.
  init(
    _ response: ResponseAPDU?, bytes: MaskedBytes, dialect: Dialect, instruction: UInt8?,
    toSelection: Bool = false, begun: MaskedBytes = .shown([])
  ) {
    self.bytes = bytes
    guard let response else {
      statusWord = nil
      meaning = "no response APDU, \(ShownText.byteCount(bytes.count))"
      fields = []
      unexplained = .shown([])
      return
    }
    statusWord = response.statusWord
    meaning = Self.meaning(of: response.statusWord, after: instruction, in: dialect)
    let parsed = DataFields(
      response: begun + bytes[0..<response.data.count], dialect: dialect, toSelection: toSelection)
    fields = parsed.fields
    unexplained = parsed.rest
  }

  private static func meaning(
    of word: StatusWord, after instruction: UInt8?, in dialect: Dialect
  ) -> String {
    if let count = word.remainingLength {
      return "\(count)\(count == 256 ? " or more" : "") bytes more to fetch"
    }
    if let count = word.correctLength { return "wrong expected length, \(count) is right" }
    if let tries = word.retriesLeft, tries > 0 { return "wrong secret, tries left: \(tries)" }
    let oath = dialect == .oath ? oathMeaning(of: word, after: instruction) : nil
    return oath ?? "\(word.explanation)"
  }

  /// What the OATH application means where the standard's words say less.
  private static func oathMeaning(of word: StatusWord, after instruction: UInt8?) -> String? {
    switch (word, instruction) {
    case (.securityStatusNotSatisfied, _): "locked, VALIDATE comes first"
    case (.wrongData, 0xA3), (.referenceDataNotUsable, 0xA3):
      "refused: another access key, or none is set"
    case (.referenceDataNotUsable, 0x02), (.referenceDataNotUsable, 0xA2): "no such credential"
    case (.notEnoughMemory, 0x01): "no room for another credential"
    default: nil
    }
  }
}
