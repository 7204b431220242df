import Simulation

/// A reader on a bench's bus. Every call may be made from any thread and has taken effect when it
/// returns.
public final class SimulatedUSBReader: Sendable {
  public let model: ReaderModel
  private let host: PortHost
  private let bus: SimulatedBus

  init(
    model: ReaderModel, serialNumber: String?, timing: Timing, at location: USBLocation,
    on bus: SimulatedBus
  ) {
    self.model = model
    self.bus = bus
    host = PortHost(
      function: model.function(serialNumber: serialNumber, timing: timing), at: location,
      in: bus.testbed, numbers: bus.numbers)
  }

  /// Its place on the bus.
  public var port: String { host.location.name }

  /// What libnfc calls it now; nil while it is not plugged in.
  public var connectionString: String? {
    host.read { $0.deviceNumber }.map { number in
      let node = host.location.node(number).split(separator: "/")
      return "\(model.driver):\(node[2]):\(node[3])"
    }
  }

  // MARK: Coming and going

  /// Takes it off the bus, and brings it back after a while if that is wanted.
  public func unplug(returnsAfter: Duration? = nil) {
    host.change { port, now in
      port.unplug(returnsAfter: returnsAfter, at: now)
      return port.advance(to: now)
    }
    host.settle()
  }

  /// Brings it back, with a new device number; nothing if it is there.
  public func plugIn() throws(BenchError) { try host.plugIn() }

  // MARK: What stands in the way

  public func setAccess(_ access: NodeAccess) { host.setAccess(access) }

  /// Binds this kernel driver now and whenever it is plugged in; nil unbinds.
  public func setKernelDriver(_ name: String?) {
    host.change { port, _ in
      port.kernelDriver = name
      if name == nil { port.unbindDrivers() } else { port.bindDrivers() }
      return []
    }
    host.settle()
  }

  /// The kernel driver of the only interface.
  public var boundDriver: String? { host.read { $0.drivers[0] } }

  /// The bus resets it, as a hub does after a disturbance.
  public func resetBus() {
    host.change { port, now in
      _ = port.resetBus(at: now)
      return port.advance(to: now)
    }
    host.settle()
  }

  /// It stops answering, until something brings it back.
  public func wedge(_ wedge: Wedge) {
    host.change { port, _ in
      port.wedge = wedge
      return []
    }
  }

  /// Lets the kernel's file for this port's power be there, or not.
  public func setPowerSwitch(_ isThere: Bool) throws(BenchError) {
    try host.setPowerSwitch(isThere)
  }

  /// How often it was without power by that switch.
  public var powerCycles: Int { host.powerCycles }

  /// It has something to say that nobody asked for now: an answer that came too late. From then on
  /// neither an abort nor a reset takes back what it has to say.
  public func addLateAnswer() {
    host.change { port, _ in
      guard var function = port.function as? any ReaderFunction else { return [] }
      function.addLateAnswer()
      port.function = function
      return []
    }
  }

  /// How often programs asked for a USB reset.
  public var resets: Int { host.read { $0.resets } }

  // MARK: The field

  public func insert(_ card: any VirtualCard) {
    withChip { chip, now in chip.insert(card, at: now) }
  }
  public func remove(_ card: any VirtualCard) {
    withChip { chip, now in chip.remove(card, at: now) }
  }

  /// The cards in the field, in the order they came.
  public var cards: [any VirtualCard] {
    host.read { ($0.function as? any ReaderFunction)?.host.chip.cardsInField ?? [] }
  }

  // MARK: Faults

  /// Arms a fault of chip or card: its index counts from now.
  public func arm(_ fault: Fault) { withChip { chip, _ in chip.arm(fault) } }

  /// Arms a fault of a transfer: its index counts from now.
  public func arm(_ fault: TransferFault) {
    host.change { port, _ in
      port.faults.arm((fault.pipe, fault.action), index: fault.index, repeats: fault.repeats)
      return []
    }
  }

  /// Takes back all faults that have not happened.
  public func disarm() {
    withChip { chip, _ in chip.disarm() }
    host.change { port, _ in
      port.faults.disarm()
      return []
    }
  }

  /// How many transfer faults have happened.
  public var transferFaultsFired: Int { host.read { $0.faults.fired } }

  // MARK: The record

  public var counts: TransferCounts { host.read { $0.counts } }

  /// Has this called with each transfer as it ends, on threads it must not keep nor call back from.
  public func observe(_ observer: (@Sendable (TransferRecord) -> Void)?) {
    host.change { port, _ in
      port.observer = observer
      return []
    }
  }

  public func resetCounts() {
    host.change { port, _ in
      port.resetCounts()
      return []
    }
  }

  private func withChip(_ body: (inout HostedChip, Duration) -> Void) {
    host.change { port, now in
      guard var function = port.function as? any ReaderFunction else { return [] }
      body(&function.host, now)
      port.function = function
      return port.advance(to: now)
    }
  }
}
