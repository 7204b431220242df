import Cryptography

/// Locking and unlocking.
extension OATHApplication {
  mutating func validate(_ data: [UInt8]) -> Outcome {
    guard let accessKey else { return .failure(.noSuchObject) }
    var fields = OATHFields(data)
    guard let response = fields.take(OATHTag.response), !response.isEmpty,
      let theirs = fields.take(OATHTag.challenge)
    else { return .failure(.wrongSyntax) }
    guard constantTimeEqual(response, accessKey.response(to: challenge)) else {
      return .failure(Status(word: profile.wrongValidateStatus))
    }
    isUnlocked = true
    return .success(OATHFields.encode(OATHTag.response, accessKey.response(to: theirs)))
  }

  mutating func setCode(_ data: [UInt8]) -> Outcome {
    var fields = OATHFields(data)
    guard let value = fields.take(OATHTag.key) else { return .failure(.wrongSyntax) }
    guard let type = value.first, value.count > 1 else {
      accessKey = nil
      return .success([])
    }
    guard profile.takesTypelessAccessKey || type & 0xF0 == OATHCredential.Kind.totp.rawValue,
      let algorithm = algorithm(type), let theirs = fields.take(OATHTag.challenge),
      let response = fields.take(OATHTag.response)
    else { return .failure(.wrongSyntax) }
    let key = AccessKey(algorithm: algorithm, key: Array(value.dropFirst()))
    guard constantTimeEqual(response, key.response(to: theirs)) else {
      return .failure(.noSuchObject)
    }
    accessKey = key
    isUnlocked = false
    return .success([])
  }

  mutating func reset() -> Outcome {
    guard accessKey == nil || isUnlocked || profile.resetsLocked else {
      return .failure(.authenticationRequired)
    }
    credentials = []
    accessKey = nil
    identity = random.bytes(8)
    return .success([])
  }
}
