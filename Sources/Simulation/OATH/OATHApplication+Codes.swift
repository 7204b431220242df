/// Calculating.
extension OATHApplication {
  mutating func calculate(_ data: [UInt8], truncated: Bool) -> Outcome {
    var fields = OATHFields(data)
    guard let name = fields.take(OATHTag.name) else { return .failure(.wrongSyntax) }
    guard let index = index(of: name) else { return .failure(.noSuchObject) }
    guard let challenge = fields.take(OATHTag.challenge),
      challenge.count <= profile.challengeLimit
    else { return .failure(.wrongSyntax) }
    if credentials[index].kind == .hotp {
      return .success(response(credentials[index], countUp(index), truncated))
    }
    guard credentials[index].accepts(challenge) else { return .failure(.authenticationRequired) }
    return .success(response(credentials[index], challenge, truncated))
  }

  /// The eight bytes HOTP signs; the counter moves whether or not anybody hears the answer.
  mutating func countUp(_ index: Int) -> [UInt8] {
    let next = credentials[index].counter &+ 1
    let used = profile.startsAtMovingFactor ? credentials[index].counter : next
    credentials[index].counter = profile.countsIn16Bits ? next & 0xFFFF : next
    let factor = profile.countsIn16Bits ? used & 0xFFFF : used
    return [0, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: factor >> (24 - 8 * $0)) }
  }

  func response(
    _ credential: OATHCredential, _ challenge: [UInt8], _ truncated: Bool
  ) -> [UInt8] {
    let mac = credential.algorithm.mac(credential.key, challenge)
    return truncated
      ? OATHFields.encode(OATHTag.truncated, [credential.digits] + dynamicallyTruncated(mac))
      : OATHFields.encode(OATHTag.response, [credential.digits] + mac)
  }

  mutating func calculateAll(_ data: [UInt8], truncated: Bool) -> Outcome {
    var fields = OATHFields(data)
    guard let challenge = fields.take(OATHTag.challenge),
      challenge.count <= profile.calculateAllChallengeLimit
    else { return .failure(.wrongSyntax) }
    var list: [UInt8] = []
    for index in credentials.indices {
      let credential = credentials[index]
      list += OATHFields.encode(OATHTag.name, credential.name)
      if credential.kind == .hotp {
        list += OATHFields.encode(OATHTag.hotp, [credential.digits])
      } else if credential.property & 0x02 != 0 {
        list += OATHFields.encode(OATHTag.touch, [credential.digits])
      } else if credentials[index].accepts(challenge) {
        list += response(credential, challenge, truncated)
      } else {
        return .failure(.authenticationRequired)
      }
    }
    return .success(list)
  }
}
