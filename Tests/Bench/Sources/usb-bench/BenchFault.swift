import Dispatch
import Simulation
import USBBench

/// A fault of any kind the bench can plant.
enum BenchFault {
  case transfer(TransferFault)
  case inside(Fault)
  case unplug(at: Duration, returnsAfter: Duration?)

  init(parsing text: String) throws(FaultSyntaxError) {
    var words = FaultWords(text)
    switch words.next() {
    case "usb": self = .transfer(try TransferFault(parsing: text))
    case "unplug":
      let moment = try words.milliseconds("at") ?? .zero
      self = .unplug(at: moment, returnsAfter: try words.milliseconds("back"))
      if let rest = words.rest { throw FaultSyntaxError("“\(rest)” does not belong here") }
    case "line": throw FaultSyntaxError("a USB reader has no serial line")
    default: self = .inside(try Fault(parsing: text))
    }
  }

  func arm(on reader: SimulatedUSBReader) {
    switch self {
    case .transfer(let fault): reader.arm(fault)
    case .inside(let fault): reader.arm(fault)
    case .unplug(let moment, let returnsAfter):
      let (seconds, attoseconds) = moment.components
      let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
        reader.unplug(returnsAfter: returnsAfter)
      }
    }
  }
}
