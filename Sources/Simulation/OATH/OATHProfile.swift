/// How one OATH application differs from the next.
///
/// The defaults are those of a key of the usual kind; the others are three open applications of
/// independent make. All that is listed was seen on a card.
public struct OATHProfile: Sendable, Equatable {
  public var name: String
  public var version: [UInt8] = [5, 7, 1]
  /// The longest challenge CALCULATE takes.
  public var challengeLimit = 64
  /// The longest challenge CALCULATE ALL takes.
  public var calculateAllChallengeLimit = 64
  /// The most data in one response.
  public var responseLimit = 254
  /// The count after `61` is the rest that waits, not always `FF`.
  public var countsRemaining = true
  /// A chain that is not drained puts its bytes into the next answer.
  public var spoilsAfterChain = false
  /// SET CODE takes an algorithm byte without a type, `01`.
  public var takesTypelessAccessKey = true
  /// The status word for a wrong VALIDATE.
  public var wrongValidateStatus: UInt16 = 0x6A80
  /// The first HOTP code is that of the moving factor; otherwise of the one after it.
  public var startsAtMovingFactor = true
  /// The moving factor counts modulo 65536.
  public var countsIn16Bits = false
  /// PUT over a name that exists replaces it; otherwise it is `6985`.
  public var putReplaces = true
  /// PUT without a property takes what an earlier command left in the buffer.
  public var readsPastCommand = false
  public var hasSHA512 = true
  public var hasRename = true
  public var hasReset = true
  /// RESET needs no VALIDATE on a locked card.
  public var resetsLocked = true
  /// A validated session survives another SELECT.
  public var staysUnlocked = false
  /// How many credentials it holds.
  public var capacity = 64

  public init(name: String) {
    self.name = name
  }

  public static let yubiKey = OATHProfile(name: "yubikey")

  /// An applet for Java Cards: 16 bit arithmetic, one buffer for everything.
  public static let javaCard: OATHProfile = {
    var profile = OATHProfile(name: "javacard")
    profile.version = [1, 0, 1]
    profile.calculateAllChallengeLimit = 32
    profile.spoilsAfterChain = true
    profile.takesTypelessAccessKey = false
    profile.countsIn16Bits = true
    profile.readsPastCommand = true
    profile.hasSHA512 = false
    profile.hasRename = false
    profile.resetsLocked = false
    return profile
  }()

  /// A token's firmware: fixed records, eight byte challenges.
  public static let token: OATHProfile = {
    var profile = OATHProfile(name: "token")
    profile.version = [6, 0, 0]
    profile.challengeLimit = 8
    profile.calculateAllChallengeLimit = 8
    profile.countsRemaining = false
    profile.startsAtMovingFactor = false
    profile.putReplaces = false
    profile.hasReset = false
    return profile
  }()

  /// A hobbyist's stick: forgiving where it should not be.
  public static let stick: OATHProfile = {
    var profile = OATHProfile(name: "stick")
    profile.version = [6, 2, 0]
    profile.wrongValidateStatus = 0x6984
    profile.hasRename = false
    profile.staysUnlocked = true
    return profile
  }()

  public static let all = [yubiKey, javaCard, token, stick]
}
