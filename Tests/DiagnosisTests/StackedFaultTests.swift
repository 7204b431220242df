import PlantedSystem
import Reader
import ReaderUSB
import Simulation
import Testing

@testable import Diagnosis

@Suite("Faults on top of each other")
struct StackedFaultTests {
  private let machine = PlantedMachine(.usb)

  private func finding(_ id: String, in report: Report) -> Finding? {
    report.results.first { $0.check.id == id }?.finding
  }

  @Test("What a fault hides is never a pass, and shows once the fault is mended")
  func hidden() async {
    machine.tree.remove(PlantedMachine.rulesFile)
    machine.tree.node(PlantedMachine.reader.node)
    machine.tree.link("\(PlantedMachine.reader.interface)/driver", to: "../../drivers/pn533_usb")
    machine.chip = SimulatedProbe([0x00, 0x07], answers: [0x40])
    var report = await machine.diagnose()
    #expect(report.worst?.check.id == "udev-rule")
    for id in ["node-access", "reader-opens", "chip-antenna", "card-data", "round-trip"] {
      #expect(finding(id, in: report) == .blocked)
    }
    machine.tree.write(PlantedMachine.rulesFile, PlantedMachine.rule)
    machine.tree.node(PlantedMachine.reader.node, group: 46)
    report = await machine.diagnose()
    #expect(report.worst?.check.id == "kernel-driver")
    #expect(finding("chip-antenna", in: report) == .blocked)
    machine.tree.remove("\(PlantedMachine.reader.interface)/driver")
    report = await machine.diagnose()
    #expect(report.worst?.check.id == "chip-antenna")
    #expect(report.faults.count == 1)
  }

  @Test("A reader that somebody uses is not opened")
  func leftAlone() async {
    machine.tree.run(412, "pcscd", open: [PlantedMachine.reader.node])
    let opened = Count()
    let chip = machine.chip
    let diagnosis = Diagnosis(system: machine.system, reader: nil) { _ in
      _ = opened.next()
      return chip
    }
    _ = await diagnosis.run()
    #expect(opened.next() == 1)
  }

  @Test("Who may hold a silent reader is unknown to a user who cannot look")
  func unprivileged() async {
    machine.chip = SimulatedProbe(failing: .silent("acr122_usb:001:004"))
    let report = await machine.diagnose()
    #expect(report.faults.map(\.check.id) == ["reader-opens"])
    #expect(finding("reader-held", in: report) == .blocked)
    #expect(finding("pcscd-holds", in: report) == .blocked)
  }

  @Test("A kernel log that may not be read is said so, and is no fault")
  func unreadableLog() async {
    machine.tree.remove("/dev/kmsg")
    let report = await machine.diagnose()
    #expect(Set(report.results(.blocked).map(\.check.id)) == ["usb-descriptors", "usb-errors"])
    #expect(report.exitStatus(strict: true) == 0)
    #expect(report.verdict.hasPrefix("usb:1-1.2 is ready"))
    #expect(report.verdict.hasSuffix("2 checks could not look."))
  }

  @Test("The status and the verdict follow what must be mended first")
  func order() async {
    machine.tree.run(77, "scdaemon")
    var report = await machine.diagnose()
    #expect(report.exitStatus(strict: false) == 0)
    #expect(report.exitStatus(strict: true) == 74)
    #expect(report.verdict == "usb:1-1.2 is ready, with 1 warning.")
    machine.tree.write("/proc/sys/kernel/osrelease", "4.4.0\n")
    machine.credentials.groups = [1000]
    report = await machine.diagnose()
    #expect(report.exitStatus(strict: false) == 77)
    #expect(report.worst?.check.id == "group-session")
    #expect(report.verdict.hasPrefix("Not ready: kim is in plugdev since the last login"))
  }

  @Test("A machine with nothing on it is diagnosed as well")
  func empty() async {
    let tree = PlantedTree()
    let chip = SimulatedProbe()
    let system = SystemRoot(
      files: tree.files, environment: [:], credentials: Credentials(user: 1000, groups: []),
      commands: ScriptedCommands(answers: [:]), serialPorts: ScriptedPort(answer: nil),
      ownProcess: 1, now: 0, readerProgram: "/none")
    let report = await Diagnosis(system: system, reader: nil, open: { _ in chip }).run()
    #expect(report.exitStatus(strict: false) == 69)
    #expect(
      report.results(.pass).allSatisfy { !["chip", "field"].contains($0.check.group.rawValue) })
  }

  @Test("A name from outside is one word to a shell, whatever is in it")
  func quoting() {
    #expect(Shell.word("ttyUSB0") == "ttyUSB0")
    #expect(Shell.word("a b'c; rm -rf") == "'a b'\\''c; rm -rf'")
    #expect(Shell.word("") == "''")
    #expect(Shell.word("$(reboot)") == "'$(reboot)'")
  }
}
