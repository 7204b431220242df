import Simulation
import Testing
import USBBench

/// The doctor on a bus where one thing is wrong. What it says of the rest of this machine does not
/// count here.
@Suite("smartotp doctor on the bench", .serialized)
struct DoctorTests {
  /// What goes wrong with the reader, and the check that has to say so.
  struct Plant: Sendable, CustomTestStringConvertible {
    let check: String
    let plant: @Sendable (SimulatedUSBReader) throws -> Void
    var testDescription: String { check }
  }

  static let plants = [
    Plant(check: "kernel-driver") { $0.setKernelDriver("pn533_usb") },
    Plant(check: "reader-attached") { $0.unplug() },
    Plant(check: "reader-opens") { $0.arm(.chip(command: 0, .mute, repeats: true)) },
    Plant(check: "reader-stays") {
      $0.arm(TransferFault(.vanish(.during, returnsAfter: nil), index: 10))
    },
    Plant(check: "card-kind") { $0.insert(MIFAREClassicCard()) },
  ]

  @Test("What stands in the way is named by its check", arguments: plants)
  func planted(_ plant: Plant) async throws {
    let bench = try USBBench()
    let reader = try bench.attach(.acr122u)
    try plant.plant(reader)
    let result = try await ProgramUnderTest.run("smartotp", ["doctor"], on: bench)
    #expect(result.status != 0)
    #expect(result.output.contains("FAIL  \(plant.check): "), "\(result)")
  }

  @Test("On a healthy bus no check of the reader fails", arguments: ReaderModel.allCases)
  func healthy(_ model: ReaderModel) async throws {
    let bench = try USBBench()
    try bench.attach(
      model, cards: [try SimulatedCard.with("test=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")])
    let result = try await ProgramUnderTest.run("smartotp", ["doctor", "--verbose"], on: bench)
    for plant in Self.plants {
      #expect(!result.output.contains("FAIL  \(plant.check): "), "\(result)")
    }
  }
}
