/// Puts the blocks of one card together to APDUs, chains joined and repeats left out
/// (ISO/IEC 14443-4, 7.5).
struct BlockAssembler {
  /// No APDU is longer: header, two extended lengths and 65,535 bytes, with some to spare.
  private static let longest = 70_000

  private var command: [UInt8] = []
  private var response: [UInt8] = []
  /// The last information block of each side, until the other has acknowledged it.
  private var unheardFromReader: Block?
  private var unheardFromCard: Block?
  private var isAnswerDue = false

  mutating func fromReader(_ block: Block) -> [TraceEvent] {
    switch block {
    case .information(_, let isChained, let part):
      if block == unheardFromReader { return [] }
      unheardFromReader = block
      unheardFromCard = nil
      let broken = brokenResponse()
      command += part
      return broken + (isChained ? bounded(&command) : wholeCommand())
    case .acknowledge(let number):
      // The number that the next block is to have: the last one has come (7.5.4, rule 13).
      if case .information(number: let last, _, _) = unheardFromCard, last != number {
        unheardFromCard = nil
      }
      return []
    case .deselect: return [.lost]
    case .repeatRequest, .waitingTimeExtension, .parameters: return []
    }
  }

  mutating func fromCard(_ block: Block) -> [TraceEvent] {
    switch block {
    case .information(_, let isChained, let part):
      if block == unheardFromCard { return [] }
      unheardFromCard = block
      unheardFromReader = nil
      response += part
      return isChained ? bounded(&response) : wholeResponse()
    case .acknowledge(let number):
      if case .information(number: let last, _, _) = unheardFromReader, last == number {
        unheardFromReader = nil
      }
      return []
    case .waitingTimeExtension(let multiplier):
      return [.note("the card asks for \(multiplier) times its waiting time (S(WTX))")]
    case .deselect, .repeatRequest, .parameters: return []
    }
  }

  /// What has begun and will not end any more.
  mutating func finish() -> [TraceEvent] {
    let broken = brokenResponse()
    guard !command.isEmpty else { return broken }
    defer { command = [] }
    return broken + [.note("a command broke off after \(ShownText.byteCount(command.count))")]
  }

  private mutating func brokenResponse() -> [TraceEvent] {
    guard !response.isEmpty else { return [] }
    defer { response = [] }
    return [.note("an answer broke off after \(ShownText.byteCount(response.count))")]
  }

  /// An empty block asks whether the card is still there.
  private mutating func wholeCommand() -> [TraceEvent] {
    guard !command.isEmpty else { return [] }
    defer { command = [] }
    isAnswerDue = true
    return bounded(&command) + (command.isEmpty ? [] : [.command(command)])
  }

  private mutating func wholeResponse() -> [TraceEvent] {
    guard !response.isEmpty || isAnswerDue else { return [] }
    defer { response = [] }
    isAnswerDue = false
    let tooLong = bounded(&response)
    return tooLong.isEmpty ? [.response(response)] : tooLong
  }

  private func bounded(_ apdu: inout [UInt8]) -> [TraceEvent] {
    guard apdu.count > Self.longest else { return [] }
    apdu = []
    return [.note("a chain of blocks is longer than any APDU")]
  }
}
