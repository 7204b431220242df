import Simulation
import Synchronization

/// A USB bus with simulated readers, for programs that are started with `environment`.
///
/// The programs need no change: umockdev's preloaded library shows them this bus in /sys and /dev,
/// and brings their usbdevfs requests here.
public final class USBBench: Sendable {
  private let bus: SimulatedBus
  /// Whatever becomes of the callers' references, what is plugged in stays.
  private let readers = Mutex<[SimulatedUSBReader]>([])

  public init() throws(BenchError) {
    bus = try SimulatedBus()
  }

  /// What a program under test needs in its environment.
  public var environment: [String: String] { bus.testbed.environment }

  /// The folder that stands for / to programs under test, as far as /sys and /dev go.
  public var root: String { bus.testbed.root }

  /// Plugs a reader in.
  ///
  /// - Parameters:
  ///   - port: its place on the bus, such as `1-2.1`.
  ///   - serialNumber: what the device says its serial number is.
  ///   - kernelDriver: the kernel driver that takes it when it is plugged in.
  @discardableResult
  public func attach(
    _ model: ReaderModel, port: String = "1-1", serialNumber: String? = nil,
    kernelDriver: String? = nil, cards: [any VirtualCard] = [], timing: Timing = .unpaced
  ) throws(BenchError) -> SimulatedUSBReader {
    guard let location = USBLocation(port), !isTaken(port) else { throw .port(port) }
    let reader = SimulatedUSBReader(
      model: model, serialNumber: serialNumber, timing: timing, at: location, on: bus)
    for card in cards { reader.insert(card) }
    reader.setKernelDriver(kernelDriver)
    try reader.plugIn()
    readers.withLock { $0.append(reader) }
    return reader
  }

  private func isTaken(_ port: String) -> Bool {
    readers.withLock { $0.contains { $0.port == port } }
  }
}

/// A bus with its own hub. Lives as long as the bench or a reader on it.
final class SimulatedBus: Sendable {
  let testbed: Testbed
  let numbers = DeviceNumbers()
  private let hub: PortHost

  init() throws(BenchError) {
    testbed = try Testbed()
    hub = PortHost(function: RootHub(), at: .rootHub(bus: 1), in: testbed, numbers: numbers)
    try hub.plugIn()
  }
}
