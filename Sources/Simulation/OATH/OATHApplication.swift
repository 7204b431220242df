import Cryptography

/// The OATH application of a simulated card: what it stores and how it answers.
struct OATHApplication {
  static let identifier: [UInt8] = [0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01]

  let profile: OATHProfile
  var credentials: [OATHCredential]
  var accessKey: AccessKey?
  private(set) var isSelected = false

  private var isUnlocked = false
  private var identity: [UInt8]
  private var challenge: [UInt8] = []
  private var remaining: [UInt8] = []
  private var buffer: [UInt8] = []
  private var random: SeededGenerator

  init(
    profile: OATHProfile, credentials: [OATHCredential], accessKey: AccessKey?, seed: UInt64
  ) {
    self.profile = profile
    self.credentials = credentials
    self.accessKey = accessKey
    random = SeededGenerator(seed: seed)
    identity = random.bytes(8)
  }

  /// A response's data, or the status word in its place.
  typealias Outcome = Result<[UInt8], Status>

  struct Status: Error, Equatable {
    var word: UInt16
    static let wrongSyntax = Status(word: 0x6A80)
    static let noSuchObject = Status(word: 0x6984)
    static let authenticationRequired = Status(word: 0x6982)
    static let notAllowed = Status(word: 0x6985)
    static let noSpace = Status(word: 0x6A84)
    static let wrongParameters = Status(word: 0x6B00)
    static let notSupported = Status(word: 0x6D00)
  }

  mutating func powerUp() {
    isSelected = false
    isUnlocked = false
    remaining = []
  }

  mutating func deselect() { isSelected = false }

  // MARK: Commands

  /// Answers SELECT with version, identity and, if locked, a challenge.
  mutating func select() -> [UInt8] {
    isSelected = true
    remaining = []
    var response = OATHFields.encode(OATHTag.version, profile.version)
    response += OATHFields.encode(OATHTag.name, identity)
    guard let accessKey else { return response }
    if !profile.staysUnlocked { isUnlocked = false }
    challenge = random.bytes(8)
    response += OATHFields.encode(OATHTag.challenge, challenge)
    return response + OATHFields.encode(OATHTag.algorithm, [accessKey.algorithm.rawValue])
  }

  /// Answers a command to the selected application, status word included.
  mutating func answer(_ command: CommandHead) -> [UInt8] {
    leaveInBuffer(command.data)
    if command.ins == 0xA5 { return send(remaining) }
    let stale = remaining
    remaining = []
    switch execute(command) {
    case .success(let data) where profile.spoilsAfterChain && !stale.isEmpty:
      return send(Array(stale.prefix(data.count)) + data.dropFirst(stale.count))
    case .success(let data): return send(data)
    case .failure(let status):
      return [UInt8(status.word >> 8), UInt8(truncatingIfNeeded: status.word)]
    }
  }

  private mutating func send(_ data: [UInt8]) -> [UInt8] {
    let part = data.prefix(profile.responseLimit)
    remaining = Array(data.dropFirst(part.count))
    guard !remaining.isEmpty else { return part + [0x90, 0x00] }
    let count = profile.countsRemaining ? UInt8(min(remaining.count, 0xFF)) : 0xFF
    return part + [0x61, count]
  }

  private mutating func execute(_ command: CommandHead) -> Outcome {
    let parameters = UInt16(command.p1) << 8 | UInt16(command.p2)
    switch command.ins {
    case 0xA3 where parameters == 0: return validate(command.data)
    case 0x04 where profile.hasReset && parameters == 0xDEAD: return reset()
    case 0x01, 0x02, 0x03, 0x04, 0x05, 0xA1, 0xA2, 0xA3, 0xA4: break
    default: return .failure(.notSupported)
    }
    guard accessKey == nil || isUnlocked else { return .failure(.authenticationRequired) }
    switch (command.ins, parameters) {
    case (0x01, 0): return put(command.data)
    case (0x02, 0): return delete(command.data)
    case (0x03, 0): return setCode(command.data)
    case (0x05, 0) where profile.hasRename: return rename(command.data)
    case (0xA1, 0): return .success(list())
    case (0xA2, 0), (0xA2, 1): return calculate(command.data, truncated: parameters == 1)
    case (0xA4, 0), (0xA4, 1): return calculateAll(command.data, truncated: parameters == 1)
    case (0x04, _) where !profile.hasReset, (0x05, _) where !profile.hasRename:
      return .failure(.notSupported)
    default: return .failure(.wrongParameters)
    }
  }

  // MARK: Access

  private mutating func validate(_ data: [UInt8]) -> Outcome {
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

  private mutating func setCode(_ data: [UInt8]) -> Outcome {
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

  private mutating func reset() -> Outcome {
    guard accessKey == nil || isUnlocked || profile.resetsLocked else {
      return .failure(.authenticationRequired)
    }
    credentials = []
    accessKey = nil
    identity = random.bytes(8)
    return .success([])
  }

  // MARK: Credentials

  private mutating func put(_ data: [UInt8]) -> Outcome {
    var fields = OATHFields(data)
    guard let name = fields.take(OATHTag.name), (1...64).contains(name.count),
      let key = fields.take(OATHTag.key), key.count > 2,
      let kind = OATHCredential.Kind(rawValue: key[0] & 0xF0), let algorithm = algorithm(key[0])
    else { return .failure(.wrongSyntax) }
    var credential = OATHCredential(
      name: name, kind: kind, algorithm: algorithm, digits: key[1], key: Array(key.dropFirst(2)),
      counter: 0)
    credential.property = fields.takeProperty() ?? staleProperty(after: data)
    if let factor = fields.take(OATHTag.movingFactor) {
      credential.counter = factor.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
    return store(credential)
  }

  private mutating func store(_ credential: OATHCredential) -> Outcome {
    if let index = index(of: credential.name) {
      guard profile.putReplaces else { return .failure(.notAllowed) }
      credentials[index] = credential
      return .success([])
    }
    guard credentials.count < profile.capacity else { return .failure(.noSpace) }
    credentials.append(credential)
    return .success([])
  }

  private mutating func delete(_ data: [UInt8]) -> Outcome {
    var fields = OATHFields(data)
    guard let name = fields.take(OATHTag.name) else { return .failure(.wrongSyntax) }
    guard let index = index(of: name) else { return .failure(.noSuchObject) }
    credentials.remove(at: index)
    return .success([])
  }

  private mutating func rename(_ data: [UInt8]) -> Outcome {
    var fields = OATHFields(data)
    guard let old = fields.take(OATHTag.name), let new = fields.take(OATHTag.name),
      (1...64).contains(new.count)
    else { return .failure(.wrongSyntax) }
    guard let index = index(of: old), self.index(of: new) == nil else {
      return .failure(.noSuchObject)
    }
    credentials[index].name = new
    return .success([])
  }

  private func list() -> [UInt8] {
    credentials.flatMap { OATHFields.encode(OATHTag.nameList, [$0.typeByte] + $0.name) }
  }

  // MARK: Codes

  private mutating func calculate(_ data: [UInt8], truncated: Bool) -> Outcome {
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
  private mutating func countUp(_ index: Int) -> [UInt8] {
    let next = credentials[index].counter &+ 1
    let used = profile.startsAtMovingFactor ? credentials[index].counter : next
    credentials[index].counter = profile.countsIn16Bits ? next & 0xFFFF : next
    let factor = profile.countsIn16Bits ? used & 0xFFFF : used
    return [0, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: factor >> (24 - 8 * $0)) }
  }

  private func response(
    _ credential: OATHCredential, _ challenge: [UInt8], _ truncated: Bool
  ) -> [UInt8] {
    let mac = credential.algorithm.mac(credential.key, challenge)
    return truncated
      ? OATHFields.encode(OATHTag.truncated, [credential.digits] + dynamicallyTruncated(mac))
      : OATHFields.encode(OATHTag.response, [credential.digits] + mac)
  }

  private mutating func calculateAll(_ data: [UInt8], truncated: Bool) -> Outcome {
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

  // MARK: Odds and ends

  private func index(of name: [UInt8]) -> Int? { credentials.firstIndex { $0.name == name } }

  private func algorithm(_ type: UInt8) -> OATHCredential.Algorithm? {
    let algorithm = OATHCredential.Algorithm(rawValue: type & 0x0F)
    return algorithm == .sha512 && !profile.hasSHA512 ? nil : algorithm
  }

  /// The one buffer every command overwrites as far as it reaches.
  private mutating func leaveInBuffer(_ data: [UInt8]) {
    guard profile.readsPastCommand else { return }
    buffer = data + buffer.dropFirst(data.count)
  }

  private func staleProperty(after data: [UInt8]) -> UInt8 {
    let rest = buffer.dropFirst(data.count)
    guard rest.count >= 2, rest.first == OATHTag.property else { return 0 }
    return rest[rest.startIndex + 1]
  }
}
