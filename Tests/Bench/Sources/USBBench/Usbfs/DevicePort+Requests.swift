import CUSBDevFS
import Glibc
import Simulation

extension DevicePort {
  /// What the kernel's own usbdevfs announces.
  static let capabilities = UInt32(
    USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT)

  /// The answer to a request; nil when it comes later.
  mutating func reply(
    to request: UsbfsRequest, from file: FileID, at now: Duration
  ) -> UsbfsReply? {
    guard let open = files[file] else { return .failure(EBADF) }
    guard !open.isReadOnly else { return .failure(EPERM) }
    if case .reap(let waits) = request {
      files[file]?.reaping = OpenFile.Reaping(until: waits ? nil : now + Self.reapPatience)
      return nil
    }
    guard open.isConnected, let deviceNumber else { return .failure(ENODEV) }
    switch request {
    case .getCapabilities: return .structure(Self.capabilities.littleEndian)
    case .getSpeed: return .failure(ENOTTY)
    case .connectInfo:
      return .structure(UInt32(deviceNumber).littleEndian + [0, 0, 0, 0])
    case .submit(let submission):
      return start(submission, from: file, isSynchronous: false, at: now)
    case .transfer(let submission, let limit):
      return start(
        submission, from: file, isSynchronous: true,
        limit: limit == 0 ? nil : .milliseconds(Int64(limit)), at: now)
    case .discard(let address): return Self.reply(discard(address, of: file, at: now))
    case .clearHalt(let endpoint):
      guard description.endpoint(endpoint) != nil else { return .failure(ENOENT) }
      clearHalt(endpoint)
      return .success
    case .reset:
      resets += 1
      return resetBus(at: now) ? .success : .failure(ENODEV)
    case .setConfiguration(let value): return choose(configuration: value)
    case .setInterface(let interface, let alternate):
      if let refusal = claim(interface, for: file) { return .failure(refusal) }
      return alternate == 0 ? .success : .failure(EINVAL)
    case .reap: return nil
    case .unknown: return .failure(ENOTTY)
    default: return ownership(request, of: file)
    }
  }

  private static func reply(_ failure: Int32?) -> UsbfsReply {
    failure.map { .failure($0) } ?? .success
  }

  /// Refused while anybody holds an interface, the caller and usbdevfs itself included.
  private mutating func choose(configuration value: UInt8) -> UsbfsReply {
    guard value == description.configuration.value else { return .failure(EINVAL) }
    let interfaces = description.configuration.interfaces.map(\.number)
    guard interfaces.allSatisfy({ drivers[$0] == nil && !isClaimed($0) }) else {
      return .failure(EBUSY)
    }
    setConfiguration(value)
    return .success
  }

  // MARK: Who holds an interface

  private mutating func ownership(_ request: UsbfsRequest, of file: FileID) -> UsbfsReply {
    switch request {
    case .claim(let interface): return Self.reply(claim(interface, for: file))
    case .release(let interface): return Self.reply(release(interface, by: file))
    case .getDriver(let interface):
      guard let name = boundDriver(of: interface) else { return .failure(ENODATA) }
      let text = Array(name.utf8.prefix(Int(USBDEVFS_MAXDRIVERNAME)))
      let padding = [UInt8](repeating: 0, count: Int(USBDEVFS_MAXDRIVERNAME) + 1 - text.count)
      return .structure(UInt32(interface).littleEndian + text + padding)
    case .disconnectDriver(let interface):
      guard drivers[interface] != nil else { return .failure(ENODATA) }
      setDriver(nil, of: interface)
      return .success
    case .connectDriver(let interface):
      guard !isClaimed(interface) else { return .failure(EBUSY) }
      if let kernelDriver { setDriver(kernelDriver, of: interface) }
      return .success
    case .disconnectClaim(let interface, let condition):
      guard allows(condition, drivers[interface]) else { return .failure(EBUSY) }
      setDriver(nil, of: interface)
      return Self.reply(claim(interface, for: file))
    default: return .failure(ENOTTY)
    }
  }

  private func allows(_ condition: UsbfsRequest.DriverCondition, _ driver: String?) -> Bool {
    guard let driver else { return true }
    return switch condition {
    case .any: true
    case .only(let name): name == driver
    case .except(let name): name != driver
    }
  }
}
