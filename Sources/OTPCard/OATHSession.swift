import Cryptography
import OneTimePassword
import SmartCard

/// A selected OATH application, until a deadline.
///
/// Every operation throws `OATHError`: `card` when there was no answer, `refused` for a status word
/// it has no better word for, `malformedAnswer` for an answer that is not one. After an
/// interruption the next operation first activates the card again, selects and unlocks, because a
/// chain left half-read spoils the next answer on some cards.
public struct OATHSession: ~Copyable, Sendable {
  let channel: any CardChannel
  let deadline: ContinuousClock.Instant
  /// How the next unlocking is done: changes with the card's key.
  var access: OATHAccess
  /// The tap before this one broke off, and its last command may have run.
  let followsInterruption: Bool
  /// The id the card must have whenever it is selected; nil takes any.
  var cardID: [UInt8]?
  /// What the card said of itself when it was last selected.
  public private(set) var selection: OATHSelection
  /// Whether an error must end the operation, because something was sent that must not be sent
  /// twice.
  var isFinal = false
  private var state: State

  private enum State {
    case ready
    /// The application is to be selected again, on this activation or a new one.
    case unselected(reactivating: Bool)
  }

  /// SELECT, and VALIDATE where the card is locked and `access` has a key.
  ///
  /// - Parameter cardID: the id the card must have; nil takes any and is set to what it is.
  static func open(
    _ channel: any CardChannel, access: OATHAccess, cardID: inout [UInt8]?,
    followsInterruption: Bool = false, deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OATHSession {
    let selection = try await select(channel, expecting: cardID, deadline)
    cardID = selection.id
    var session = OATHSession(
      channel: channel, deadline: deadline, access: access,
      followsInterruption: followsInterruption, cardID: cardID, selection: selection,
      state: .ready)
    try await session.unlock(with: access)
    return session
  }

  /// Selects the application again and unlocks it.
  mutating func reselect() async throws(OATHError) {
    if case .unselected(reactivating: true) = state {
      do { try await channel.reactivate(deadline: deadline) } catch { throw .card(error) }
    }
    state = .unselected(reactivating: true)
    selection = try await Self.select(channel, expecting: cardID, deadline)
    cardID = selection.id
    state = .ready
    try await unlock(with: access)
  }

  private static func select(
    _ channel: any CardChannel, expecting id: [UInt8]?, _ deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OATHSelection {
    let response: ResponseAPDU
    do {
      response = try await channel.exchange(
        OATHCommand.select, policy: .oath, deadline: deadline)
    } catch { throw .card(error) }
    switch response.statusWord {
    case .success: break
    case .fileOrApplicationNotFound: throw .applicationMissing
    case let status: throw .refused(.select, status)
    }
    let selection = try decoding(.select) { () throws(OATHAnswerFault) in
      try OATHSelection(parsing: response.data)
    }
    if let id, id != selection.id { throw .card(CardError(.replaced)) }
    return selection
  }
}

extension OATHSession {
  /// Sends a command and returns the data of a successful answer.
  ///
  /// - Throws: `locked` for 6982, `refused` for any other status word but 9000.
  mutating func send(
    _ command: CommandAPDU, _ instruction: OATHInstruction, policy: ExchangePolicy = .oath
  ) async throws(OATHError) -> [UInt8] {
    try await ensureSelected()
    state = .unselected(reactivating: true)
    let response: ResponseAPDU
    do {
      response = try await channel.exchange(command, policy: policy, deadline: deadline)
    } catch { throw .card(error) }
    // Data with an error means that a chain broke off.
    let brokeOff = !response.statusWord.isSuccess && !response.data.isEmpty
    state = brokeOff ? .unselected(reactivating: false) : .ready
    switch response.statusWord {
    case .success: return response.data
    case .securityStatusNotSatisfied: throw .locked
    // One card says so in these words.
    case .conditionsNotSatisfied where !isOpen: throw .locked
    case let status: throw .refused(instruction, status)
    }
  }

  /// Selects the application again where the last operation left it unselected.
  mutating func ensureSelected() async throws(OATHError) {
    if case .unselected = state { try await reselect() }
  }

  /// Sends a command that answers no data.
  mutating func sendPlain(
    _ command: CommandAPDU, _ instruction: OATHInstruction
  ) async throws(OATHError) {
    let data = try await send(command, instruction)
    guard data.isEmpty else { throw .malformedAnswer(instruction, .unexpectedData) }
  }
}

extension ExchangePolicy {
  static var oath: ExchangePolicy { ExchangePolicy(sendRemaining: OATHCommand.sendRemaining) }

  /// For commands that must not reach the card twice.
  static var oathOnce: ExchangePolicy {
    ExchangePolicy(sendRemaining: OATHCommand.sendRemaining, repeatsAfterWrongLength: false)
  }
}

/// What `decode` makes of an answer, its fault as an `OATHError`.
func decoding<Value>(
  _ instruction: OATHInstruction, _ decode: () throws(OATHAnswerFault) -> Value
) throws(OATHError) -> Value {
  do { return try decode() } catch { throw .malformedAnswer(instruction, error) }
}
