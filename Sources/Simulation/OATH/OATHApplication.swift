/// The OATH application of a simulated card: what it stores and how it answers.
struct OATHApplication {
  static let identifier: [UInt8] = [0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01]

  let profile: OATHProfile
  var credentials: [OATHCredential]
  var accessKey: AccessKey?
  private(set) var isSelected = false

  var isUnlocked = false
  var identity: [UInt8]
  var challenge: [UInt8] = []
  /// What SEND REMAINING has still to send.
  private var remaining: [UInt8] = []
  /// What earlier commands left behind, where they leave anything.
  var buffer: [UInt8] = []
  var random: SeededGenerator

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
    case 0x04 where !profile.hasReset, 0x05 where !profile.hasRename:
      return .failure(.notSupported)
    case 0x04 where parameters == 0xDEAD: return reset()
    case 0x01...0x05, 0xA1...0xA4: break
    default: return .failure(.notSupported)
    }
    guard accessKey == nil || isUnlocked else { return .failure(.authenticationRequired) }
    switch (command.ins, parameters) {
    case (0x01, 0): return put(command.data)
    case (0x02, 0): return delete(command.data)
    case (0x03, 0): return setCode(command.data)
    case (0x05, 0): return rename(command.data)
    case (0xA1, 0): return .success(list())
    case (0xA2, 0), (0xA2, 1): return calculate(command.data, truncated: parameters == 1)
    case (0xA4, 0), (0xA4, 1): return calculateAll(command.data, truncated: parameters == 1)
    default: return .failure(.wrongParameters)
    }
  }
}
