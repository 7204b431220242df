import Synchronization

/// A card with an OATH application.
///
/// Its random numbers are the same in every run, so that a run with faults can be repeated.
public final class OATHCard: VirtualCard {
  public let activation: CardActivation
  public let extendsWaitingTime: Bool
  public let profile: OATHProfile
  private let computing: Computing
  private let state: Mutex<State>

  /// How long the card computes.
  public struct Computing: Sendable {
    public var select = Duration.milliseconds(2)
    /// For each credential that CALCULATE, CALCULATE ALL, VALIDATE or SET CODE works on.
    public var calculate = Duration.milliseconds(5)
    public var other = Duration.milliseconds(1)

    public init() {}
  }

  private struct State {
    var application: OATHApplication
    /// The parts of a command that was sent in a chain.
    var chained: [UInt8] = []
  }

  /// - Parameter accessKey: An HMAC-SHA-1 key that locks the application; nil leaves it open.
  public init(
    profile: OATHProfile = .yubiKey, activation: CardActivation = .typeA(.isoDEP()),
    credentials: [OATHCredential] = [], accessKey: [UInt8]? = nil,
    computing: Computing = Computing(), extendsWaitingTime: Bool = true, seed: UInt64 = 1
  ) {
    self.profile = profile
    self.activation = activation
    self.computing = computing
    self.extendsWaitingTime = extendsWaitingTime
    state = Mutex(
      State(
        application: OATHApplication(
          profile: profile, credentials: credentials,
          accessKey: accessKey.map { AccessKey(algorithm: .sha1, key: $0) }, seed: seed)))
  }

  /// What is on the card now.
  public var credentials: [OATHCredential] { state.withLock { $0.application.credentials } }

  /// Whether an access key is set.
  public var isLocked: Bool { state.withLock { $0.application.accessKey != nil } }

  public func powerUp() {
    state.withLock { state in
      state.application.powerUp()
      state.chained = []
    }
  }

  public func process(_ command: [UInt8]) -> CardAnswer {
    guard var head = CommandHead(command) else { return CardAnswer([0x67, 0x00]) }
    return state.withLock { state in
      state.chained += head.data
      guard state.chained.count <= 0xFFFF else {
        state.chained = []
        return CardAnswer([0x67, 0x00])
      }
      if head.cla & 0x10 != 0 { return CardAnswer([0x90, 0x00], computing: computing.other) }
      head.data = state.chained
      state.chained = []
      return answer(head, &state.application)
    }
  }

  private func answer(
    _ command: CommandHead, _ application: inout OATHApplication
  ) -> CardAnswer {
    guard command.cla & 0xE0 == 0 else { return CardAnswer([0x6E, 0x00]) }
    if command.ins == 0xA4, command.p1 == 0x04 {
      return select(command.data, &application)
    }
    guard application.isSelected else { return CardAnswer([0x69, 0x85]) }
    let count = application.credentials.count
    return CardAnswer(application.answer(command), computing: time(command, count))
  }

  /// Any beginning of the application's identifier of five bytes or more selects it, and so does
  /// the identifier with a version behind it.
  private func select(_ name: [UInt8], _ application: inout OATHApplication) -> CardAnswer {
    let identifier = OATHApplication.identifier
    guard name.count >= 5, identifier.starts(with: name) || name.starts(with: identifier) else {
      application.deselect()
      return CardAnswer([0x6A, 0x82], computing: computing.other)
    }
    return CardAnswer(application.select() + [0x90, 0x00], computing: computing.select)
  }

  private func time(_ command: CommandHead, _ credentials: Int) -> Duration {
    switch command.ins {
    case 0xA2, 0xA3, 0x03: computing.calculate
    case 0xA4: computing.calculate * max(credentials, 1)
    default: computing.other
    }
  }
}
