import CenterClient
import Cryptography
import OTPCard
import SmartOTP

/// The keys of a reserved card, opened on the issuing machine and wiped with this value.
struct IssueKeys: Sendable {
  let transactionKey: SecretBytes
  let accessKey: OATHAccessKey

  init(_ reservation: CardReservation, opened institution: InstitutionSession) throws {
    let (first, second) = (KeyDelivery.transactionKeyByteCount, KeyDelivery.accessKeyByteCount)
    let both = try institution.open(
      reservation.keys, of: reservation.card, count: first + second)
    var head = both.withUnsafeBytes { Array($0.prefix(first)) }
    var tail = both.withUnsafeBytes { Array($0.suffix(second)) }
    transactionKey = SecretBytes(wiping: &head)
    guard let key = OATHAccessKey(SecretBytes(wiping: &tail)) else {
      throw CenterServiceError.malformedAnswer("the access key")
    }
    accessKey = key
  }
}

/// A blank card becomes a Smart OTP: keys, then proof. Each step may be done again, in this process
/// or a later one.
struct CardIssue {
  let reservation: CardReservation
  let keys: IssueKeys
  let station: CardStation
  let keepsOthers: Bool

  /// - Returns: the card, active.
  func run(with client: CenterClient) async throws -> Card {
    let credential = try credential()
    var id: [UInt8]?
    let before = try await station.perform(access: .ifLocked(keys.accessKey), id: &id) {
      card, deadline throws(OATHError) in try await card.contents(deadline: deadline)
    }
    try check(before, credential)
    // Before the first key goes on: nobody can tell later which blank card has it.
    _ = try await client.keysBegun(
      reservation.card, on: KeysBegun(applicationID: before.selection.id.hexadecimal))
    StandardError.line("smartotp: writing the keys; leave the card where it is")
    try await station.perform(access: .ifLocked(keys.accessKey), id: &id) {
      card, deadline throws(OATHError) in
      try await card.personalize(
        credential, key: keys.transactionKey, accessKey: keys.accessKey, deadline: deadline)
    }
    let challenge = try await client.keysWritten(to: reservation.card)
    let response = try await Self.proof(
      of: credential, challenge: challenge.challenge, accessKey: keys.accessKey, at: station,
      id: &id)
    let card = try await client.prove(reservation.card, ProofSubmission(response: response))
    StandardError.line("smartotp: the card has proved its key")
    return card
  }

  /// Takes the credential and the access key off the card; what else it holds stays.
  func wipe() async throws {
    let credential = try credential()
    var id: [UInt8]?
    try await station.perform(access: .ifLocked(keys.accessKey), id: &id) {
      card, deadline throws(OATHError) in
      do throws(OATHError) {
        try await card.delete(credential.name, deadline: deadline)
      } catch .noSuchCredential {
        // The interruption came before the credential, or an earlier try took it off.
      } catch .refused {
        return try await card.reset(deadline: deadline)
      }
      try await card.removeAccessKey(deadline: deadline)
    }
  }

  /// The whole HMAC over the centre's challenge, in hex, from a card that has proved its access key.
  static func proof(
    of credential: SmartOTPCredential, challenge: String, accessKey: OATHAccessKey,
    at station: CardStation, id: inout [UInt8]?
  ) async throws -> String {
    guard let bytes = [UInt8](hexadecimal: challenge), bytes.count == 8, !bytes.contains(0),
      let challenge = OATHChallenge(bytes)
    else { throw CenterServiceError.malformedAnswer("the challenge") }
    return try await station.perform(access: .required(accessKey), id: &id) {
      card, deadline throws(OATHError) in
      try await card.hmac(of: credential.credential, challenge: challenge, deadline: deadline)
    }.hexadecimal
  }

  private func credential() throws -> SmartOTPCredential {
    try SmartOTPCredential(reservation.card)
  }

  /// - Throws: `CommandFailure` for a card that is not blank, or not the one that was begun.
  private func check(_ contents: OATHContents, _ credential: SmartOTPCredential) throws {
    let names = (contents.credentials ?? []).map(\.name)
    let isBegun = names.contains(credential.name)
    if let other = contents.credentials?.smartOTPs.first(where: { $0 != credential }) {
      throw CommandFailure(
        "this card is the Smart OTP \(other.vendorCode):\(other.serial) already; take a blank one",
        .badData)
    }
    guard keepsOthers || isBegun || names.isEmpty else {
      throw CommandFailure(
        "this card is not blank, it has \(names.count) credentials; take another, or give --keep-others",
        .badData)
    }
    guard isBegun || contents.selection.isLocked || reservation.state == .reserved else {
      throw CommandFailure(
        "this card has none of the keys; lay on the card that was begun, or give it up with --abandon",
        .badData)
    }
  }
}

extension SmartOTPCredential {
  init(_ card: CardIdentity) throws {
    do throws(SmartOTPCredentialError) {
      try self.init(vendorCode: card.vendorCode.text, serial: card.serial.text)
    } catch {
      throw CommandFailure("\(error.explanation)", .badData)
    }
  }
}
