import ArgumentParser
import Simulation
import USBBench

struct ReaderOptions: ParsableArguments {
  enum Choice: String, ExpressibleByArgument, CaseIterable {
    case acr122u, pn533, both, none

    var models: [ReaderModel] {
      switch self {
      case .acr122u: [.acr122u]
      case .pn533: [.pn533]
      case .both: [.acr122u, .pn533]
      case .none: []
      }
    }
  }

  @Option(help: "acr122u, pn533, both or none.")
  var reader = Choice.acr122u

  @Option(help: "The first reader's place on the bus; the next ones follow.")
  var port = "1-1"

  @Option(help: "The serial number every reader says it has.")
  var serialNumber: String?

  @Option(help: "A kernel driver that has taken the readers, such as pn533_usb.")
  var kernelDriver: String?

  @Option(
    help: """
      What the device nodes allow: full, read-only or none. The command runs without the right to \
      override file permissions.
      """)
  var access = NodeAccess.full

  @Flag(help: "Take the time a real chip, field and card take.")
  var paced = false

  func attach(
    to bench: USBBench, cards: [any VirtualCard]
  ) throws -> [SimulatedUSBReader] {
    var port = port
    var attached: [SimulatedUSBReader] = []
    for model in reader.models {
      let new = try bench.attach(
        model, port: port, serialNumber: serialNumber, kernelDriver: kernelDriver, cards: cards,
        timing: paced ? .paced : .unpaced)
      new.setAccess(access)
      attached.append(new)
      port = Self.following(port)
    }
    return attached
  }

  /// The port beside this one.
  private static func following(_ port: String) -> String {
    let start = port.lastIndex { $0 == "-" || $0 == "." }.map(port.index(after:)) ?? port.startIndex
    return port[..<start] + String((Int(port[start...]) ?? 0) + 1)
  }
}

extension NodeAccess: ExpressibleByArgument {}
