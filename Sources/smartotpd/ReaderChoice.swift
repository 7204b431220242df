import Appliance
import Reader
import ReaderUSB
import Settings

/// The reader that the settings name.
struct ReaderChoice: Sendable {
  let settings: ApplianceSettings

  /// - Parameter noticed: what becomes of the reader, in order.
  func open(noticed: @escaping @Sendable (ReaderNotice) -> Void) -> LibNFCReader {
    let program: DriverProgram = settings.readerSocket.map { .socket(path: $0) } ?? .installed
    guard settings.reader != ApplianceSettings.automaticReader else {
      return LibNFCReader(
        connstring: "auto", program: program, noticed: noticed,
        locate: { () throws(ReaderError) in try Self.first() })
    }
    let locator = ReaderLocator(name: settings.reader)
    return LibNFCReader(
      connstring: settings.reader, program: program, noticed: noticed,
      locate: { () throws(ReaderError) in try locator.locate() })
  }

  /// The first reader on the bus that libnfc can drive and nobody else has. One that is held may be
  /// held by this appliance's own driver: it is taken where there is no other.
  private static func first() throws(ReaderError) -> LocatedReader {
    let bus = USBBus()
    var held: LocatedReader?
    var obstacle: ReaderError?
    for reader in bus.readers() where reader.reader.isDrivable {
      guard let connstring = reader.connstring else { continue }
      let located = LocatedReader(
        connstring: connstring, recovery: RecoveryPolicy(reader, on: bus))
      switch bus.obstacle(to: reader) {
      case nil: return located
      case .process, .claimed: held = held ?? located
      case .some(let other): obstacle = obstacle ?? ReaderError(other)
      }
    }
    if let held { return held }
    throw obstacle ?? .noReader
  }

  /// What is attached, for the branch API.
  @Sendable static func attached(to loop: ApplianceLoop) async -> [AttachedReaderStatus] {
    let open = await loop.status().reader
    let bus = USBBus()
    var readers = bus.readers().map { reader in
      let isOpen = open.isThere && reader.connstring == open.connstring
      return AttachedReaderStatus(
        connstring: reader.connstring, name: reader.reader.name,
        port: "\(reader.device.port)", isOpen: isOpen,
        trouble: isOpen ? nil : bus.obstacle(to: reader).map { ReaderError($0).explanation })
    }
    if let connstring = open.connstring, !readers.contains(where: { $0.connstring == connstring }) {
      readers.append(
        AttachedReaderStatus(
          connstring: connstring, name: open.chip ?? "reader", port: nil, isOpen: open.isThere,
          trouble: open.trouble))
    }
    return readers
  }
}
