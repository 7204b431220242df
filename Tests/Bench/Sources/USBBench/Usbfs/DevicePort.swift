import Glibc
import Simulation

/// A port of the bus: the device in it, and every file opened on the device's node, as the kernel's
/// usbdevfs (`drivers/usb/core/devio.c`) treats them.
///
/// Requests and the time come in, answers go out; it never blocks and never reads a clock.
struct DevicePort {
  typealias FileID = Int
  typealias Answer = (file: FileID, reply: UsbfsReply)

  /// What the rest of the system has to be told.
  enum Happening: Equatable {
    case vanished(number: UInt8, returnsAfter: Duration?)
    /// Another driver is bound to an interface, or none any more.
    case driverChanged(interface: UInt8)
  }

  /// More transfers than this under way are refused, as the kernel does for want of memory.
  static let transferLimit = 64
  /// A reap that does not wait is answered after this time at most, or at once when something
  /// completes. Programs sleep on the real node in select or poll until something completes;
  /// umockdev's node is a plain file on which both return at once, and they would spin.
  static let reapPatience = Duration.milliseconds(1)

  var function: any USBFunction
  /// Nil while nothing is plugged in.
  private(set) var deviceNumber: UInt8?
  private(set) var configuration: UInt8 = 0
  /// The kernel drivers bound to interfaces.
  private(set) var drivers: [UInt8: String] = [:]
  /// The kernel driver that binds to every interface when the device is plugged in.
  var kernelDriver: String?
  private(set) var counts = TransferCounts()
  /// How often programs asked for a reset.
  var resets = 0
  /// While it is set, the device swallows what it is sent and says nothing.
  var wedge: Wedge?
  /// Told of each transfer as it ends.
  var observer: (@Sendable (TransferRecord) -> Void)?
  var faults = FaultQueue<(pipe: TransferFault.Pipe?, action: TransferFault.Action)>()

  var files: [FileID: OpenFile] = [:]
  private var halted: Set<UInt8> = []
  private var transfers: [Transfer] = []
  private var answers: [Answer] = []
  private var happenings: [Happening] = []

  init(function: any USBFunction) {
    self.function = function
  }

  var description: DeviceDescription { function.description }

  // MARK: Plugging

  mutating func plugIn(as number: UInt8) {
    guard deviceNumber == nil else { return }
    deviceNumber = number
    configuration = description.configuration.value
    bindDrivers()
  }

  mutating func bindDrivers() {
    guard deviceNumber != nil, let kernelDriver else { return }
    for interface in description.configuration.interfaces where !isClaimed(interface.number) {
      setDriver(kernelDriver, of: interface.number)
    }
  }

  mutating func unbindDrivers() {
    for interface in drivers.keys { setDriver(nil, of: interface) }
  }

  /// Takes the device out of the port. Transfers under way end with ESHUTDOWN, every later request
  /// on its files with ENODEV.
  mutating func unplug(returnsAfter: Duration? = nil, at now: Duration) {
    guard let number = deviceNumber else { return }
    deviceNumber = nil
    configuration = 0
    drivers = [:]
    halted = []
    for file in files.keys {
      files[file]?.isConnected = false
      files[file]?.claimed = []
    }
    let lost = transfers
    transfers = []
    for transfer in lost { complete(transfer, status: -ESHUTDOWN, at: now) }
    function.loseSupply(at: now)
    wedge = nil
    happenings.append(.vanished(number: number, returnsAfter: returnsAfter))
  }

  mutating func takeHappenings() -> [Happening] {
    defer { happenings = [] }
    return happenings
  }

  func isClaimed(_ interface: UInt8) -> Bool { owner(of: interface) != nil }

  /// What is bound to an interface: usbdevfs itself for a program that has claimed it.
  func boundDriver(of interface: UInt8) -> String? {
    isClaimed(interface) ? "usbfs" : drivers[interface]
  }

  func owner(of interface: UInt8) -> FileID? {
    files.first { $0.value.claimed.contains(interface) }?.key
  }

  mutating func setDriver(_ name: String?, of interface: UInt8) {
    guard drivers[interface] != name else { return }
    drivers[interface] = name
    happenings.append(.driverChanged(interface: interface))
  }

  mutating func setConfiguration(_ value: UInt8) {
    configuration = value
    halted = []
  }

  mutating func clearHalt(_ endpoint: UInt8) { halted.remove(endpoint) }

  /// The kernel's own reset, or a program's: transfers under way end, and whoever had claimed an
  /// interface has to claim it again; a kernel driver is bound anew. False when the device does not
  /// come back from it.
  mutating func resetBus(at now: Duration) -> Bool {
    halted = []
    let lost = transfers
    transfers = []
    for transfer in lost { complete(transfer, status: -EPROTO, at: now) }
    for (file, open) in files { for interface in open.claimed { _ = release(interface, by: file) } }
    guard function.reset(at: now) else {
      unplug(at: now)
      return false
    }
    wedge = wedge?.afterReset
    bindDrivers()
    return true
  }

  mutating func resetCounts() { counts = TransferCounts() }

  // MARK: Files

  mutating func open(_ file: FileID, isReadOnly: Bool = false) {
    files[file] = OpenFile(isReadOnly: isReadOnly, isConnected: deviceNumber != nil)
  }

  mutating func close(_ file: FileID) {
    let released = files[file]?.claimed ?? []
    files[file] = nil
    happenings += released.map { .driverChanged(interface: $0) }
    transfers.removeAll { $0.file == file }
  }

  // MARK: Requests

  mutating func take(_ request: UsbfsRequest, from file: FileID, at now: Duration) -> [Answer] {
    function.advance(to: now)
    if let reply = reply(to: request, from: file, at: now) { answers.append((file, reply)) }
    return settled(at: now)
  }

  mutating func advance(to now: Duration) -> [Answer] {
    function.advance(to: now)
    return settled(at: now)
  }

  var nextEvent: Duration? {
    let later = transfers.compactMap { transfer -> Duration? in
      if case .later(let moment) = transfer.fate { return moment }
      return nil
    }
    let limits = transfers.compactMap(\.deadline) + files.values.compactMap(\.reaping?.until)
    return (later + limits + [function.nextEvent].compactMap(\.self)).min()
  }

  // MARK: Transfers

  /// Nil when the answer comes later, or when there is none but to the reap.
  mutating func start(
    _ submission: Submission, from file: FileID, isSynchronous: Bool, limit: Duration? = nil,
    at now: Duration
  ) -> UsbfsReply? {
    if let refusal = refusal(of: submission, from: file) { return .failure(refusal) }
    var transfer = Transfer(
      file: file, submission: submission, isSynchronous: isSynchronous,
      deadline: limit.map { now + $0 }, submitted: now, index: counts.all)
    counts.add(transfer.pipe)
    let fault = faults.happening { $0.pipe ?? transfer.pipe == transfer.pipe }.first?.action
    switch fault {
    case .vanish(.before, let returnsAfter):
      unplug(returnsAfter: returnsAfter, at: now)
      return .failure(ENODEV)
    case .vanish(.during, let returnsAfter):
      transfers.append(transfer)
      unplug(returnsAfter: returnsAfter, at: now)
      return isSynchronous ? nil : .success
    case .reset:
      transfers.append(transfer)
      _ = resetBus(at: now)
      return isSynchronous ? nil : .success
    case .vanish(.after, let returnsAfter): transfer.fate = .vanishing(returnsAfter: returnsAfter)
    case .stall:
      transfer.fate = .failing(-EPIPE)
      if transfer.pipe != .control { halted.insert(submission.endpoint) }
    case .disturbed: transfer.fate = .failing(-EPROTO)
    case .short(let count): transfer.fate = .short(count)
    case .babble: transfer.fate = .babbling
    case .hang: transfer.fate = .hanging
    case .delay(let duration): transfer.fate = .later(now + duration)
    case nil: break
    }
    transfers.append(transfer)
    return isSynchronous ? nil : .success
  }

  private mutating func refusal(of submission: Submission, from file: FileID) -> Int32? {
    guard transfers.count < Self.transferLimit else { return ENOMEM }
    switch submission.kind {
    case .isochronous: return EINVAL
    case .control: return submission.setup == nil ? EINVAL : nil
    case .bulk, .interrupt: break
    }
    guard let (_, interface) = description.endpoint(submission.endpoint) else { return ENOENT }
    // The kernel claims for a program that forgot to, and says so in its log.
    return claim(interface, for: file)
  }

  mutating func claim(_ interface: UInt8, for file: FileID) -> Int32? {
    guard description.interface(interface) != nil else { return ENOENT }
    let owner = owner(of: interface)
    if owner == file { return nil }
    guard owner == nil, drivers[interface] == nil else { return EBUSY }
    files[file]?.claimed.insert(interface)
    happenings.append(.driverChanged(interface: interface))
    return nil
  }

  mutating func release(_ interface: UInt8, by file: FileID) -> Int32? {
    guard files[file]?.claimed.remove(interface) != nil else { return EINVAL }
    happenings.append(.driverChanged(interface: interface))
    return nil
  }

  mutating func discard(_ address: UInt, of file: FileID, at now: Duration) -> Int32? {
    let index = transfers.firstIndex {
      $0.file == file && !$0.isSynchronous && $0.submission.address == address
    }
    guard let index else { return EINVAL }
    counts.discarded += 1
    complete(transfers.remove(at: index), status: -ENOENT, at: now)
    return nil
  }

  // MARK: Settling

  /// Carries out what can be, and answers whoever can be answered.
  private mutating func settled(at now: Duration) -> [Answer] {
    while progressOnce(at: now) {}
    for file in files.keys.sorted() { answerReap(of: file, at: now) }
    defer { answers = [] }
    return answers
  }

  /// False when no transfer could be brought to its end.
  private mutating func progressOnce(at now: Duration) -> Bool {
    for index in transfers.indices {
      let transfer = transfers[index]
      switch progress(of: transfer, at: now) {
      case .done(let status, let count, let bytes):
        transfers.remove(at: index)
        complete(transfer, status: status, count: count, bytes: bytes, at: now)
        return true
      case .vanished(let returnsAfter):
        unplug(returnsAfter: returnsAfter, at: now)
        return true
      case .pending:
        guard let deadline = transfer.deadline, deadline <= now else { continue }
        transfers.remove(at: index)
        counts.discarded += 1
        complete(transfer, status: -ETIMEDOUT, at: now)
        return true
      }
    }
    return false
  }

  private mutating func progress(of transfer: Transfer, at now: Duration) -> Transfer.Progress {
    switch transfer.fate {
    case .hanging: return .pending
    case .later(let moment) where moment > now: return .pending
    case .failing(let status): return .done(status: status)
    case .babbling where transfer.pipe != .input: return .done(status: -EOVERFLOW)
    default: break
    }
    guard !halted.contains(transfer.submission.endpoint) else { return .done(status: -EPIPE) }
    let result = carryOut(transfer, at: now)
    guard case .vanishing(let returnsAfter) = transfer.fate, case .done = result else {
      return result
    }
    return .vanished(returnsAfter: returnsAfter)
  }

  private mutating func carryOut(_ transfer: Transfer, at now: Duration) -> Transfer.Progress {
    let submission = transfer.submission
    switch transfer.pipe {
    case .control:
      guard let setup = submission.setup, let bytes = control(setup, submission.data, at: now)
      else {
        return .done(status: -EPIPE)
      }
      let sent = Array(bytes.prefix(submission.capacity))
      return .done(
        status: 0, count: setup.isToHost ? sent.count : submission.data.count, bytes: sent)
    case .output where wedge != nil: return .done(status: 0, count: submission.data.count)
    case .input where wedge != nil: return .pending
    case .output:
      var data = submission.data
      if case .short(let count) = transfer.fate { data = Array(data.prefix(count)) }
      function.receive(data, on: submission.endpoint, at: now)
      return .done(status: 0, count: data.count)
    case .input:
      guard var bytes = function.nextTransfer(from: submission.endpoint, at: now) else {
        return .pending
      }
      if case .short(let count) = transfer.fate { bytes = Array(bytes.prefix(count)) }
      let fitting = Array(bytes.prefix(submission.capacity))
      let isTooLong = transfer.fate == .babbling || bytes.count > submission.capacity
      return .done(status: isTooLong ? -EOVERFLOW : 0, count: fitting.count, bytes: fitting)
    }
  }

  private mutating func complete(
    _ transfer: Transfer, status: Int32, count: Int = 0, bytes: [UInt8] = [], at now: Duration
  ) {
    observer?(
      TransferRecord(
        submitted: transfer.submitted, ended: now, pipe: transfer.pipe,
        endpoint: transfer.submission.endpoint, index: transfer.index, status: status,
        bytes: transfer.submission.data.isEmpty ? bytes : transfer.submission.data))
    guard transfer.isSynchronous else {
      files[transfer.file]?.completed.append(
        CompletedTransfer(
          address: transfer.submission.address, status: status, count: count, bytes: bytes))
      return
    }
    answers.append(
      (transfer.file, status == 0 ? .transferred(count: count, bytes) : .failure(-status)))
  }

  private mutating func answerReap(of file: FileID, at now: Duration) {
    guard var state = files[file], let reaping = state.reaping else { return }
    let reply: UsbfsReply
    if !state.completed.isEmpty {
      reply = .reaped(state.completed.removeFirst())
    } else if !state.isConnected {
      reply = .failure(ENODEV)
    } else if let until = reaping.until, until <= now {
      reply = .failure(EAGAIN)
    } else {
      return
    }
    state.reaping = nil
    files[file] = state
    answers.append((file, reply))
  }
}
