import Reader
import Synchronization

/// Finds one reader again each time it is opened, though libnfc's name for it changes when it is plugged
/// in again.
///
/// A reader named by its port is the one in that port. One named by libnfc's name is that device,
/// and later what is in the port it had then. One that nobody named, or only by its driver, is
/// looked for everywhere.
public final class ReaderLocator: Sendable {
  private let name: String
  private let isAnyReader: Bool
  private let bus: USBBus
  private let place = Mutex<Place?>(nil)

  /// Where the reader was seen, and what it was.
  private struct Place {
    var port: USBPort
    var identifier: USBIdentifier
  }

  /// - Parameters:
  ///   - name: `usb:1-1.2`, or libnfc's name.
  ///   - isAnyReader: whether nobody asked for this very reader, so that it may be followed into
  ///     another port, and another one may take its place.
  public init(name: String, isAnyReader: Bool = false, bus: USBBus = USBBus()) {
    self.name = name
    self.isAnyReader = isAnyReader
    self.bus = bus
  }

  /// The reader as it can be opened now.
  ///
  /// - Throws: `.notFound` while it is not there, `.claimed` while a driver of the kernel has it.
  public func locate() throws(ReaderError) -> LocatedReader {
    let readers = bus.readers()
    guard let reader = try attached(among: readers) else {
      // Not on the USB, or nothing there that goes by this name.
      return LocatedReader(connstring: name)
    }
    place.withLock {
      $0 = Place(port: reader.device.port, identifier: reader.device.identifier)
    }
    if let driver = reader.kernelDriver {
      throw ReaderError(.kernelDriver(driver), at: name)
    }
    guard let connstring = reader.connstring else { throw .notFound(name) }
    return LocatedReader(connstring: connstring, recovery: RecoveryPolicy(reader, on: bus))
  }

  private func attached(among readers: [AttachedReader]) throws(ReaderError) -> AttachedReader? {
    if ReaderName.namesPort(name) {
      do throws(ReaderNameError) {
        return try ReaderName.reader(named: name, among: bus.devices(), readers: readers)
      } catch {
        throw .notFound(name)
      }
    }
    let ofDriver = readers.filter { $0.reader.access == .libnfc(driver: name) }
    guard let place = place.withLock({ $0 }) else {
      return ofDriver.first ?? bus.reader(for: name, among: readers)
    }
    let candidates = readers.filter { $0.device.identifier == place.identifier }
    if let reader = candidates.first(where: { $0.device.port == place.port }) { return reader }
    let others = isAnyReader ? candidates + readers.filter(\.reader.isDrivable) : ofDriver
    guard let reader = others.first else { throw .notFound(name) }
    return reader
  }
}

extension ReaderError {
  /// What the system shows about a USB reader that does not open.
  public init(_ obstacle: Obstacle, at name: String = "the reader") {
    switch obstacle {
    case .notThere: self = .notFound(name)
    case .permission(let node): self = .permission(node)
    case .kernelDriver(let driver):
      self = .claimed("the kernel's driver \(driver) has it (sudo modprobe -r \(driver))")
    case .process(let process): self = .claimed("\(process.description) has it")
    case .claimed(let node): self = .claimed("some program has claimed \(node)")
    }
  }
}
