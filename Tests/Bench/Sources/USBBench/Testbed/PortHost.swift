import Dispatch
import Glibc
import Simulation
import Synchronization

/// Runs one port: brings programs' requests to it, its answers to them, and the device's coming and
/// going into the testbed.
final class PortHost: Sendable {
  private struct State {
    var port: DevicePort
    /// Requests that have not been answered.
    var calls: [DevicePort.FileID: IoctlCall] = [:]
    var access = NodeAccess.full
    var server: NodeServer?
    var powerSwitch: PowerSwitch?
    var powerCycles = 0
  }

  let location: USBLocation
  private let testbed: Testbed
  private let numbers: DeviceNumbers
  private let state: Mutex<State>
  private let queue: DispatchQueue
  private let timer: Timer

  init(
    function: sending any USBFunction, at location: USBLocation, in testbed: Testbed,
    numbers: DeviceNumbers
  ) {
    self.location = location
    self.testbed = testbed
    self.numbers = numbers
    state = Mutex(State(port: DevicePort(function: function)))
    queue = DispatchQueue(label: "usb-port-\(location.name)", qos: .userInteractive)
    timer = Timer(queue)
    timer.start { [weak self] in self?.change { port, now in port.advance(to: now) } }
  }

  deinit { timer.stop() }

  // MARK: The port

  /// Runs a change with the port to itself, then answers and reports what came of it.
  func change(_ body: (inout DevicePort, _ now: Duration) -> [DevicePort.Answer]) {
    let answers = state.withLock { state in
      let answers = body(&state.port, MonotonicClock.now).compactMap { file, reply in
        state.calls.removeValue(forKey: file).map { ($0, reply) }
      }
      timer.schedule(state.port.nextEvent)
      // In the order of what happened, but not here: umockdev's thread, which may be this one, must
      // not wait for the testbed.
      for happening in state.port.takeHappenings() { queue.async { self.report(happening) } }
      return answers
    }
    for (call, reply) in answers { call.answer(reply) }
  }

  func read<Value: Sendable>(_ body: (borrowing DevicePort) -> Value) -> Value {
    state.withLock { body($0.port) }
  }

  /// Waits until all that has happened so far is in the testbed.
  func settle() { queue.sync {} }

  // MARK: Programs

  private func makeServer(_ node: String) -> NodeServer {
    NodeServer(
      socketPath: testbed.socketPath(of: node),
      handler: NodeServer.Handler(
        opened: { [weak self] in self?.opened($0) },
        asked: { [weak self] file, call in
          guard let self else { return call.answer(.failure(ENODEV)) }
          asked(file, call)
        },
        closed: { [weak self] in self?.closed($0) }))
  }

  private func opened(_ file: DevicePort.FileID) {
    state.withLock { $0.port.open(file, isReadOnly: $0.access != .full) }
  }

  private func closed(_ file: DevicePort.FileID) {
    state.withLock { $0.calls[file] = nil }
    change { port, _ in
      port.close(file)
      return []
    }
  }

  private func asked(_ file: DevicePort.FileID, _ call: IoctlCall) {
    let request = call.request()
    if request.needsInterface { state.withLock { $0.server }?.dropTheDead() }
    state.withLock { $0.calls[file] = call }
    change { port, now in port.take(request, from: file, at: now) }
  }

  // MARK: Coming and going

  /// Plugs the device in once all that has happened so far is in the testbed.
  func plugIn() throws(BenchError) {
    try queue.sync { Result { () throws(BenchError) in try arrive() } }.get()
  }

  private func arrive() throws(BenchError) {
    let description = read { $0.description }
    guard read({ $0.deviceNumber }) == nil else { return }
    let number = numbers.next()
    let node = "/dev/\(location.node(number))"
    let server = makeServer(node)
    try testbed.attach(server, to: node)
    state.withLock { state in
      state.server = server
      state.port.plugIn(as: number)
      // The links below say what was bound.
      _ = state.port.takeHappenings()
    }
    let devices = SysfsDevice.usb(description, at: location, number: number)
    for device in devices { try testbed.add(device) }
    setMode()
    for interface in description.configuration.interfaces { linkDriver(of: interface.number) }
    for device in devices { testbed.announce("add", device) }
  }

  private func report(_ happening: DevicePort.Happening) {
    switch happening {
    case .driverChanged(let interface): linkDriver(of: interface)
    case .vanished(let number, let returnsAfter):
      leave(number)
      guard let returnsAfter else { return }
      queue.asyncAfter(deadline: .now() + returnsAfter.dispatchInterval) { [weak self] in
        try? self?.arrive()
      }
    }
  }

  private func leave(_ number: UInt8) {
    let devices = SysfsDevice.usb(read { $0.description }, at: location, number: number)
    for device in devices.reversed() {
      testbed.remove(device.path)
      testbed.announce("remove", device)
    }
    testbed.detach("/dev/\(location.node(number))")
  }

  private func linkDriver(of interface: UInt8) {
    let (description, driver) = read { ($0.description, $0.boundDriver(of: interface)) }
    let path = location.interfacePath(interface, description)
    let up = String(repeating: "../", count: path.split(separator: "/").count)
    testbed.setLink(
      "driver", of: path, to: driver.map { "\(up)bus/usb/drivers/\($0)" })
  }

  // MARK: Power

  var powerCycles: Int { state.withLock { $0.powerCycles } }

  func setPowerSwitch(_ isThere: Bool) throws(BenchError) {
    let file = "\(testbed.root)/sys\(location.powerSwitchPath)"
    let powerSwitch =
      isThere ? try PowerSwitch(file: file, queue: queue) { [weak self] in self?.power($0) } : nil
    state.withLock { $0.powerSwitch = powerSwitch }
  }

  /// On the queue.
  private func power(_ isOn: Bool) {
    guard isOn else {
      state.withLock { $0.powerCycles += 1 }
      return change { port, now in
        port.unplug(at: now)
        return port.advance(to: now)
      }
    }
    queue.async { [weak self] in try? self?.arrive() }
  }

  // MARK: Permission

  func setAccess(_ access: NodeAccess) {
    state.withLock { $0.access = access }
    setMode()
  }

  private func setMode() {
    let (number, access) = state.withLock { ($0.port.deviceNumber, $0.access) }
    guard let number else { return }
    chmod("\(testbed.root)/dev/\(location.node(number))", access.mode)
  }
}

/// What the node's mode lets a program do.
public enum NodeAccess: String, Sendable, CaseIterable {
  case full
  /// It can be opened for reading; every request is then refused with EPERM.
  case readOnly = "read-only"
  /// It cannot be opened.
  case none

  var mode: mode_t {
    switch self {
    case .full: 0o664
    case .readOnly: 0o444
    case .none: 0
    }
  }
}

/// Gives out device numbers; a replugged device gets a new one, as in the kernel.
final class DeviceNumbers: Sendable {
  private let last = Mutex<UInt8>(0)

  /// 1 to 127, over and over.
  func next() -> UInt8 {
    last.withLock { last in
      last = last == 127 ? 2 : last + 1
      return last
    }
  }
}

extension UsbfsRequest {
  /// Whether somebody else's claim would stand in the way.
  fileprivate var needsInterface: Bool {
    switch self {
    case .claim, .setConfiguration, .setInterface, .disconnectClaim, .submit, .transfer: true
    default: false
    }
  }
}
