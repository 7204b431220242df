import Reader
import Simulation
import SmartCard
import Synchronization
import Testing

extension ReaderTests {
  /// A reader that does not answer, and what its connection does about it.
  @Suite("Recovery")
  struct RecoveryTests {
    private let hardware: SimulatedReader
    private let performed = Performed()

    init() throws {
      hardware = try SimulatedReader(cards: [Simulation.OATHCard()])
    }

    /// Notes what was done to the port and said about it.
    private final class Performed: Sendable {
      private let kinds = Mutex<[PortAction.Kind]>([])
      private let notices = Mutex<[ReaderNotice]>([])

      func add(_ kind: PortAction.Kind) { kinds.withLock { $0.append(kind) } }
      func add(_ notice: ReaderNotice) { notices.withLock { $0.append(notice) } }
      var actions: [PortAction.Kind] { kinds.withLock { $0 } }
      var said: [ReaderNotice] { notices.withLock { $0 } }
    }

    private func reader(_ kinds: [PortAction.Kind]) -> LibNFCReader {
      let (hardware, performed) = (hardware, performed)
      let actions = kinds.map { kind in
        PortAction(kind, duration: .seconds(1)) {
          performed.add(kind)
          if kind == .powerCycle { hardware.disarm() }
          return true
        }
      }
      return LibNFCReader(
        connstring: hardware.connectionString, noticed: { performed.add($0) },
        locate: {
          LocatedReader(
            connstring: hardware.connectionString,
            recovery: RecoveryPolicy(portActions: actions))
        })
    }

    private func mute() { hardware.arm(Fault(.chip(code: nil, .ignore), repeats: true)) }

    @Test("What is allowed is done to the port, in order and once, until the reader answers")
    func escalation() async throws {
      mute()
      let reader = reader([.reset, .powerCycle])
      try await reader.open(deadline: .now + .seconds(60))
      #expect(performed.actions == [.reset, .powerCycle])
      #expect(
        performed.said == [
          .recovering(.reopening), .recovering(.portAction(.reset)),
          .recovering(.portAction(.powerCycle)),
        ])
      _ = try await reader.awaitCard(deadline: .now + SimulatedField.soon)
      await reader.close()
    }

    @Test("Where nothing is allowed the reader is said to be silent, at once")
    func forbidden() async throws {
      mute()
      let reader = reader([])
      await #expect(throws: ReaderError.silent(hardware.connectionString)) {
        try await reader.open(deadline: .now + .seconds(60))
      }
      #expect(performed.actions.isEmpty && performed.said.isEmpty)
      await reader.close()
    }

    @Test("A reader whose port was left alone for want of time is silent, not late")
    func noTime() async throws {
      mute()
      let reader = reader([.reset])
      await #expect(throws: ReaderError.self) {
        try await reader.open(deadline: .now + .milliseconds(900))
      }
      #expect(performed.actions.isEmpty)
      await reader.close()
    }
  }
}
