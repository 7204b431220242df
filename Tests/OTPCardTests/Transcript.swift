import SmartCard
import Testing

/// A channel that plays a written conversation and complains about any other command.
actor Transcript: CardChannel {
  enum Step: Sendable {
    /// This command, in hexadecimal, is answered so.
    case exchange(String, String)
    /// Any command is answered as computed from it.
    case answer(@Sendable (CommandAPDU) -> [UInt8])
    /// Any command fails so.
    case failure(CardError)
    /// The card is activated again.
    case reactivation
    /// The card is to be activated again, which fails so.
    case failedReactivation(CardError)
  }

  let activation: Activation
  private(set) var commands: [CommandAPDU] = []
  private(set) var deadlines: [ContinuousClock.Instant] = []
  private var steps: [Step]
  /// Answers whatever comes after the steps.
  private let afterwards: (@Sendable (CommandAPDU) -> [UInt8])?

  init(_ steps: [Step], afterwards: (@Sendable (CommandAPDU) -> [UInt8])? = nil) throws {
    self.steps = steps
    self.afterwards = afterwards
    activation = try Activation.test
  }

  var isFinished: Bool { steps.isEmpty }

  func transmit(
    _ command: CommandAPDU, deadline: ContinuousClock.Instant
  ) async throws(CardError) -> ResponseAPDU {
    commands.append(command)
    deadlines.append(deadline)
    switch steps.isEmpty ? afterwards.map(Step.answer) : steps.removeFirst() {
    case .exchange(let expected, let answer):
      let sent = (try? command.encoded(extended: .never)) ?? []
      #expect(Hexadecimal.text(sent) == expected.filter { $0 != " " })
      return try response(Hexadecimal.bytes(answer) ?? [])
    case .answer(let compute):
      return try response(compute(command))
    case .failure(let error):
      throw error
    case .reactivation, .failedReactivation:
      Issue.record("\(command) came where the card was to be activated again")
      throw CardError(.removed)
    case nil:
      Issue.record("\(command) came after the end")
      throw CardError(.removed)
    }
  }

  func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) {
    switch steps.isEmpty ? Step.reactivation : steps.removeFirst() {
    case .reactivation: return
    case .failedReactivation(let error): throw error
    default: Issue.record("activated again where a command was expected")
    }
  }

  private func response(_ bytes: [UInt8]) throws(CardError) -> ResponseAPDU {
    do { return try ResponseAPDU(parsing: bytes) } catch {
      throw CardError(.malformedResponse(error))
    }
  }
}

extension Activation {
  static var test: Activation {
    get throws {
      .typeA(
        TypeAActivation(
          atqa: ATQA(rawValue: 0x0344), sak: SAK(rawValue: 0x20),
          uid: try UID([4, 1, 2, 3, 4, 5, 6]),
          ats: try ATS(parsing: [0x05, 0x78, 0x80, 0x81, 0x02])))
    }
  }
}

extension ContinuousClock.Instant {
  /// Far enough away never to be reached in a test.
  static var farAway: ContinuousClock.Instant { .now + .seconds(600) }
}
