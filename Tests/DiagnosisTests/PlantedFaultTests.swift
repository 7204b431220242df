import Testing

@testable import Diagnosis

@Suite("The doctor")
struct PlantedFaultTests {
  @Test(
    "A sound machine is found sound, with nothing hidden", arguments: PlantedMachine.Kind.allCases)
  func sound(kind: PlantedMachine.Kind) async {
    let report = await PlantedMachine(kind).diagnose()
    for result in report.results where ![.pass, .notApplicable].contains(result.finding) {
      Issue.record("\(result.check.id): \(result.finding) \(result.seen)")
    }
    #expect(report.exitStatus(strict: true) == 0)
    #expect(report.results(.pass).count >= 25)
  }

  @Test("A fault is found by its check and by no other", arguments: PlantedFault.all)
  func planted(fault: PlantedFault) async throws {
    let machine = PlantedMachine(fault.kind)
    fault.plant(machine)
    let report = await machine.diagnose()
    let found = report.faults + report.warnings
    for other in found where other.check.id != fault.id {
      Issue.record("\(other.check.id) was found as well: \(other.seen)")
    }
    let result = try #require(report.results.first { $0.check.id == fault.id })
    #expect(result.finding == fault.finding, "\(result.seen)")
    #expect(result.cause?.isEmpty == false)
    let fix = try #require(result.fix?.text)
    #expect(!fix.isEmpty && !fix.contains { $0 == "\n" || $0 == "`" } && !fix.contains("$("))
    for hidden in report.results(.blocked) {
      #expect(hidden.blockedBy == fault.id, "\(hidden.check.id) is hidden by another")
    }
    #expect(report.exitStatus(strict: true) == result.status?.rawValue)
    #expect((report.exitStatus(strict: false) == 0) == (fault.finding == .warn))
  }

  @Test("Every check has a fault planted for it")
  func complete() {
    let planted = Set(PlantedFault.all.map(\.id))
    #expect(Set(Check.all.map(\.id)) == planted)
    #expect(Check.all.count >= 45)
  }

  @Test("Every check has its own name, and needs none in a circle")
  func names() throws {
    let checks = Dictionary(grouping: Check.all, by: \.id)
    #expect(checks.values.allSatisfy { $0.count == 1 })
    func depth(_ id: String, _ path: [String]) throws -> Int {
      try #require(!path.contains(id), "\(path) leads back to \(id)")
      let check = try #require(checks[id]?.first, "there is no check \(id)")
      return try check.needs.map { try depth($0, path + [id]) }.max() ?? 0
    }
    for check in Check.all { _ = try depth(check.id, []) }
  }
}
