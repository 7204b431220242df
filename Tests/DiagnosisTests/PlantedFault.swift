import PlantedSystem
import ReaderUSB
import Testing

@testable import Diagnosis

/// One fault on an otherwise sound machine, and the check that must find it.
struct PlantedFault: Sendable, CustomTestStringConvertible {
  let id: String
  let kind: PlantedMachine.Kind
  let finding: Finding
  let plant: @Sendable (PlantedMachine) -> Void

  init(
    _ id: String, on kind: PlantedMachine.Kind = .usb, is finding: Finding = .fail,
    plant: @escaping @Sendable (PlantedMachine) -> Void
  ) {
    self.id = id
    self.kind = kind
    self.finding = finding
    self.plant = plant
  }

  var testDescription: String { "\(id) on \(kind)" }

  static let all = system + configured + onTheBus + onTheBoard + access + contested + inTheReader
}
