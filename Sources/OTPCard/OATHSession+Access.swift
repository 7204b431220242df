import Cryptography
import SmartCard

extension OATHSession {
  /// VALIDATE, both ways: the card checks us, we check the card.
  ///
  /// - Throws: `wrongAccessKey`, `cardNotProven`, `accessKeyMissing`.
  mutating func unlock(with access: OATHAccess) async throws(OATHError) {
    guard let challenge = selection.challenge else {
      if case .required = access { throw .accessKeyMissing }
      return
    }
    guard let accessKey = access.key else { return }
    let proof = try AccessProof(accessKey, selection: selection, cardChallenge: challenge)
    let answer: [UInt8]
    do {
      answer = try await send(
        OATHCommand.validate(response: proof.response, challenge: proof.challenge), .validate)
    } catch .refused(_, .wrongData), .refused(_, .referenceDataNotUsable), .locked {
      throw .wrongAccessKey
    }
    let response = try decoding(.validate) { () throws(OATHAnswerFault) in
      try onlyObject(in: answer, tag: .fullResponse)
    }
    guard constantTimeEqual(response, proof.expected) else { throw .cardNotProven }
  }

  /// SET CODE: from now on the card answers only after VALIDATE under `key`. Then SELECT and
  /// VALIDATE, so the card has proved the key and goes on answering this session.
  public mutating func setAccessKey(_ key: OATHAccessKey) async throws(OATHError) {
    try await sendPlain(try setCodeCommand(key, cardID: selection.id), .setCode)
    access = .required(key)
    try await reselect()
  }

  /// SET CODE with an empty key: the card answers everybody.
  public mutating func removeAccessKey() async throws(OATHError) {
    try await sendPlain(OATHCommand.removeCode, .setCode)
    access = .open
    try await reselect()
  }

  /// RESET: erases all credentials and the access key, on some cards without asking for it. The
  /// card may have another id afterwards.
  public mutating func reset() async throws(OATHError) {
    cardID = nil
    try await sendPlain(OATHCommand.reset, .reset)
    access = .open
    try await reselect()
  }
}

/// One mutual proof of the access key.
private struct AccessProof {
  /// Our answer to the card's challenge.
  let response: [UInt8]
  let challenge: [UInt8]
  /// What the card must answer to ours.
  let expected: [UInt8]

  init(
    _ accessKey: OATHAccessKey, selection: OATHSelection, cardChallenge: [UInt8]
  ) throws(OATHError) {
    do {
      let key = try accessKey.key(forCard: selection.id)
      response = try hmac(selection.hash.hash, key: key, message: cardChallenge)
      challenge = try nonce()
      expected = try hmac(selection.hash.hash, key: key, message: challenge)
    } catch { throw .cryptography(error) }
  }
}

private func setCodeCommand(
  _ key: OATHAccessKey, cardID: [UInt8]
) throws(OATHError) -> CommandAPDU {
  do {
    let secret = try key.key(forCard: cardID)
    let challenge = try nonce()
    let response = try hmac(.sha1, key: secret, message: challenge)
    // 21: HMAC-SHA-1 marked as TOTP. One card refuses 01.
    let value = [OATHKind.totp.rawValue | 0x01] + secret.withUnsafeBytes { Array($0) }
    return OATHCommand.setCode(key: value, challenge: challenge, response: response)
  } catch { throw .cryptography(error) }
}

/// Eight random bytes without zeros, whose loss on a serial line a PN532 would not notice.
private func nonce() throws(CryptographyError) -> [UInt8] {
  try randomBytes(count: 8).map { $0 == 0 ? 1 : $0 }
}
