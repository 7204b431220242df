import Cryptography
import SmartCard
import Synchronization

/// A card with an OATH application of a given profile, and faults on demand.
final class TestCard: CardChannel {
  let activation: Activation
  let profile: CardProfile
  private let state: Mutex<State>

  struct Fault {
    /// The command it strikes, counted from 0 over all taps.
    var index: Int
    var error: CardError
    /// Whether the card executes the command first.
    var executes: Bool
  }

  struct State {
    var application = OATHApplication()
    var commands: [CommandAPDU] = []
    var reactivations = 0
    var faults: [Fault] = []
  }

  init(_ profile: CardProfile = CardProfile.all[0], faults: [Fault] = []) throws {
    self.profile = profile
    activation = try Activation.test
    state = Mutex(State(faults: faults))
  }

  var commands: [CommandAPDU] { state.withLock { $0.commands } }
  var reactivations: Int { state.withLock { $0.reactivations } }
  var application: OATHApplication {
    get { state.withLock { $0.application } }
    set { state.withLock { $0.application = newValue } }
  }

  func transmit(
    _ command: CommandAPDU, deadline: ContinuousClock.Instant
  ) async throws(CardError) -> ResponseAPDU {
    let outcome: Result<ResponseAPDU, CardError> = state.withLock { state in
      let index = state.commands.count
      state.commands.append(command)
      if let fault = state.faults.first(where: { $0.index == index }) {
        if fault.executes { _ = state.application.process(command, profile) }
        return .failure(fault.error)
      }
      return .success(state.application.process(command, profile))
    }
    return try outcome.get()
  }

  func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) {
    state.withLock { state in
      state.reactivations += 1
      state.application.powerUp()
    }
  }
}
