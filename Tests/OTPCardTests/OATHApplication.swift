import Cryptography
import SmartCard

/// The application on a `TestCard`, written from the protocol and apart from the code under test.
struct OATHApplication {
  struct Credential {
    var name: [UInt8]
    var algorithm: UInt8
    var digits: UInt8
    var key: [UInt8]
    var counter: UInt32 = 0
    var wantsTouch = false
  }

  var id: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
  var credentials: [Credential] = []
  var accessKey: [UInt8]?
  private(set) var isSelected = false
  private(set) var isUnlocked = false
  private var challenge: [UInt8] = []
  private var pending: [UInt8] = []
  private var nextChallenge: UInt8 = 0x10

  mutating func powerUp() {
    isSelected = false
    isUnlocked = false
    pending = []
  }

  mutating func process(_ command: CommandAPDU, _ profile: CardProfile) -> ResponseAPDU {
    if profile.needsLe, command.data.isEmpty, command.expectedLength == nil {
      return ResponseAPDU(statusWord: .success)
    }
    if command.ins == 0xA5 { return nextChunk([], profile) }
    let left = profile.spoilsUndrained ? pending : []
    pending = []
    let (data, status) = execute(command, profile)
    guard status.isSuccess else { return ResponseAPDU(statusWord: status) }
    return nextChunk(left + data, profile)
  }

  private mutating func nextChunk(_ data: [UInt8], _ profile: CardProfile) -> ResponseAPDU {
    let all = pending + data
    pending = Array(all.dropFirst(profile.chunk))
    let status =
      pending.isEmpty
      ? StatusWord.success
      : StatusWord(
        sw1: 0x61, sw2: profile.saysExactCount ? UInt8(min(pending.count, 255)) : 0xFF)
    return ResponseAPDU(data: Array(all.prefix(profile.chunk)), statusWord: status)
  }

  private mutating func execute(
    _ command: CommandAPDU, _ profile: CardProfile
  ) -> ([UInt8], StatusWord) {
    if command.ins == 0xA4, command.p1 == 0x04 { return select(command, profile) }
    guard isSelected else { return ([], .instructionNotSupported) }
    let objects = Self.objects(command.data)
    switch command.ins {
    case 0xA3: return validate(objects, profile)
    case 0x04: return reset(profile)
    default: break
    }
    guard accessKey == nil || isUnlocked else { return ([], .securityStatusNotSatisfied) }
    switch command.ins {
    case 0x01: return put(objects, profile)
    case 0x02: return delete(objects)
    case 0x03: return setCode(objects, profile)
    case 0xA1: return list()
    case 0xA2: return calculate(objects, truncated: command.p2 == 1, profile)
    case 0xA4: return calculateAll(objects, profile)
    default: return ([], .instructionNotSupported)
    }
  }

  private mutating func select(
    _ command: CommandAPDU, _ profile: CardProfile
  ) -> ([UInt8], StatusWord) {
    guard command.data == [0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01] else {
      return ([], .fileOrApplicationNotFound)
    }
    isSelected = true
    if !profile.staysUnlocked { isUnlocked = false }
    var data: [UInt8] = [0x79, 3, 5, 4, 3, 0x71, UInt8(id.count)] + id
    if accessKey != nil {
      nextChallenge &+= 1
      challenge = [UInt8](repeating: nextChallenge, count: 8)
      data += [0x74, 8] + challenge + [0x7B, 1, 1]
    }
    return (data, .success)
  }

  private mutating func validate(
    _ objects: [UInt8: [UInt8]], _ profile: CardProfile
  ) -> ([UInt8], StatusWord) {
    guard let accessKey else { return ([], .referenceDataNotUsable) }
    let issued = challenge
    challenge = []
    guard let response = objects[0x75], let theirs = objects[0x74], !issued.isEmpty,
      response == Self.mac(.sha1, accessKey, issued)
    else { return ([], profile.wrongValidate) }
    isUnlocked = true
    let proof = Self.mac(.sha1, accessKey, theirs)
    return ([0x75, UInt8(proof.count)] + proof, .success)
  }

  private mutating func reset(_ profile: CardProfile) -> ([UInt8], StatusWord) {
    guard profile.hasReset else { return ([], .instructionNotSupported) }
    if profile.resetNeedsUnlocking, accessKey != nil, !isUnlocked {
      return ([], .securityStatusNotSatisfied)
    }
    credentials = []
    accessKey = nil
    if profile.drawsIDAtReset { id = id.map { $0 &+ 0x11 } }
    return ([], .success)
  }

  private mutating func put(
    _ objects: [UInt8: [UInt8]], _ profile: CardProfile
  ) -> ([UInt8], StatusWord) {
    guard let name = objects[0x71], let key = objects[0x73], key.count >= 16,
      let property = objects[0x78] ?? (profile.needsProperty ? nil : [0]),
      profile.hasSHA512 || key[0] & 0x0F != 3
    else { return ([], .wrongData) }
    if let index = credentials.firstIndex(where: { $0.name == name }) {
      guard profile.replacesOnPut else { return ([], .conditionsNotSatisfied) }
      credentials.remove(at: index)
    }
    let counter = (objects[0x7A] ?? []).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    credentials.append(
      Credential(
        name: name, algorithm: key[0], digits: key[1], key: Array(key.dropFirst(2)),
        counter: counter & profile.counterMask, wantsTouch: property[0] & 2 != 0))
    return ([], .success)
  }

  private mutating func delete(_ objects: [UInt8: [UInt8]]) -> ([UInt8], StatusWord) {
    guard let name = objects[0x71], let index = credentials.firstIndex(where: { $0.name == name })
    else { return ([], .referenceDataNotUsable) }
    credentials.remove(at: index)
    return ([], .success)
  }

  private mutating func setCode(
    _ objects: [UInt8: [UInt8]], _ profile: CardProfile
  ) -> ([UInt8], StatusWord) {
    guard let key = objects[0x73] else { return ([], .wrongData) }
    guard let algorithm = key.first else {
      accessKey = nil
      return ([], .success)
    }
    guard algorithm == 0x21 || (algorithm == 0x01 && profile.takesSetCode01),
      let challenge = objects[0x74], let response = objects[0x75]
    else { return ([], .wrongData) }
    let secret = Array(key.dropFirst())
    guard response == Self.mac(.sha1, secret, challenge) else {
      return ([], .referenceDataNotUsable)
    }
    accessKey = secret
    isUnlocked = false
    return ([], .success)
  }

  private func list() -> ([UInt8], StatusWord) {
    var data: [UInt8] = []
    for credential in credentials {
      data += [0x72, UInt8(credential.name.count + 1), credential.algorithm] + credential.name
    }
    return (data, .success)
  }

  private mutating func calculate(
    _ objects: [UInt8: [UInt8]], truncated: Bool, _ profile: CardProfile
  ) -> ([UInt8], StatusWord) {
    guard let name = objects[0x71], let challenge = objects[0x74],
      challenge.count <= profile.longestChallenge
    else { return ([], .wrongData) }
    guard let index = credentials.firstIndex(where: { $0.name == name }) else {
      return ([], .referenceDataNotUsable)
    }
    guard !credentials[index].wantsTouch else { return ([], .conditionsNotSatisfied) }
    var message = challenge
    if credentials[index].algorithm & 0xF0 == 0x10 {
      guard challenge.isEmpty else { return ([], .wrongData) }
      let before = credentials[index].counter
      let after = (before &+ 1) & profile.counterMask
      credentials[index].counter = after
      let used = profile.countsBeforeCalculating ? after : before
      message = [0, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: used >> (24 - 8 * $0)) }
    }
    return (Self.response(credentials[index], message, truncated: truncated), .success)
  }

  private func calculateAll(
    _ objects: [UInt8: [UInt8]], _ profile: CardProfile
  ) -> ([UInt8], StatusWord) {
    guard let challenge = objects[0x74], challenge.count <= profile.longestChallenge else {
      return ([], .wrongData)
    }
    var data: [UInt8] = []
    for credential in credentials {
      data += [0x71, UInt8(credential.name.count)] + credential.name
      let digits = profile.marksDigits ? [1, credential.digits] : [0]
      if credential.algorithm & 0xF0 == 0x10 {
        data += [0x77] + digits
      } else if credential.wantsTouch {
        data += [0x7C] + digits
      } else {
        data += Self.response(credential, challenge, truncated: true)
      }
    }
    return (data, .success)
  }

  private static func response(
    _ credential: Credential, _ message: [UInt8], truncated: Bool
  ) -> [UInt8] {
    let hash: Hash = [1: .sha1, 2: .sha256, 3: .sha512][credential.algorithm & 0x0F] ?? .sha1
    let mac = mac(hash, credential.key, message)
    guard truncated else { return [0x75, UInt8(mac.count + 1), credential.digits] + mac }
    let offset = Int(mac[mac.count - 1] & 0x0F)
    return [0x76, 5, credential.digits, mac[offset] & 0x7F] + mac[offset + 1..<offset + 4]
  }

  private static func mac(_ hash: Hash, _ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    (try? hmac(hash, key: SecretBytes(key), message: message)) ?? []
  }

  /// Tag to value; the property tag has no length byte.
  private static func objects(_ data: [UInt8]) -> [UInt8: [UInt8]] {
    var objects: [UInt8: [UInt8]] = [:]
    var rest = data[...]
    while let tag = rest.popFirst() {
      let count = tag == 0x78 ? 1 : Int(rest.popFirst() ?? 0)
      objects[tag] = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    return objects
  }
}
