import PlantedSystem
import Reader
import Simulation
import Testing

@testable import Diagnosis

/// The real libnfc and driver process on a simulated PN532 behind a serial port.
@Suite("The doctor on the real libnfc", .serialized)
struct LibNFCDiagnosisTests {
  private func diagnose(
    faults: [Fault] = [], cards: [any VirtualCard] = [OATHCard()], isPatient: Bool = true
  ) async throws -> Report {
    let hardware = try SimulatedReader(cards: cards)
    for fault in faults { hardware.arm(fault) }
    let machine = PlantedMachine(.adapter)
    machine.tree.node(hardware.path, group: 20)
    machine.readerName = hardware.connectionString
    var diagnosis = Diagnosis(system: machine.system, reader: machine.readerName) {
      LibNFCReader(connstring: $0)
    }
    // However busy the machine is with other tests.
    if isPatient {
      diagnosis.limits = Diagnosis.Limits(
        opening: .seconds(60), examination: .seconds(120), command: .seconds(20))
    }
    return await diagnosis.run()
  }

  @Test("A sound reader with a card passes every check")
  func sound() async throws {
    let report = try await diagnose()
    #expect(report.faults.map(\.seen).isEmpty)
    #expect(report.results(.blocked).isEmpty)
    #expect(report.results.first { $0.check.id == "card-application" }?.finding == .pass)
  }

  @Test(
    "The chip's own trouble is found through libnfc",
    arguments: [
      ("chip-rom", Fault.chip(command: 0, code: 0x00, .answer([0x01, 0xFF]), repeats: true)),
      ("chip-behaviour", Fault.chip(command: 0, code: 0x04, .answer([0x05, 0x00]), repeats: true)),
      (
        "chip-status",
        Fault.chip(command: 0, code: 0x04, .answer([0x05, 0x0D, 0, 0, 0x80]), repeats: true)
      ),
    ])
  func chip(id: String, fault: Fault) async throws {
    let found: [CheckResult]
    if id == "chip-rom" {
      // Diagnose also serves libnfc's own test at opening, whose answer stays right.
      found = try await diagnose(faults: Self.romFault).faults
    } else {
      let report = try await diagnose(faults: [fault])
      found = report.faults + report.warnings
    }
    #expect(found.map(\.check.id) == [id])
  }

  /// Diagnose commands in their order: libnfc's one, four echoes, six measuring ones, then the ROM.
  private static let romFault = [Fault.chip(command: 11, code: 0x00, .answer([0x01, 0xFF]))]

  @Test("A chip that does not acknowledge is a reader that does not open")
  func silent() async throws {
    let report = try await diagnose(
      faults: [.chip(command: 0, .ignore, repeats: true)], isPatient: false)
    #expect(report.faults.map(\.check.id) == ["reader-opens"])
    #expect(report.exitStatus(strict: false) == 69)
  }

  @Test("A chip that stops in the middle is told from one that never answered")
  func stops() async throws {
    let report = try await diagnose(
      faults: [.chip(command: 30, .ignore, repeats: true)], isPatient: false)
    #expect(report.faults.map(\.check.id) == ["chip-steady"])
    #expect(report.results.first { $0.check.id == "card-data" }?.blockedBy == "chip-steady")
  }

  @Test("A card that takes no APDUs, and one without the application, are told apart")
  func cards() async throws {
    let classic = try await diagnose(cards: [MIFAREClassicCard()])
    #expect(classic.faults.map(\.check.id) == ["card-kind"])
    let other = try await diagnose(cards: [ScriptedCard { _ in CardAnswer([0x6A, 0x82]) }])
    #expect(other.faults.map(\.check.id) == ["card-application"])
  }
}
