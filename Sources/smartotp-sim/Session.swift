import ArgumentParser
import Foundation
import Simulation
import Synchronization

/// The reader, its cards, and what has to be cleaned up after them.
final class Session: Sendable {
  let reader: SimulatedReader
  let cards: [any VirtualCard]
  private let link: String?
  private let programPort: CardProgramPort?
  private let servedCard: VPCDCard?
  private let hasEnded = Atomic(false)

  init(cards options: CardOptions, line: LineOptions) throws {
    let kinds = try options.kinds()
    let cards = try Self.cards(kinds, options.oathSettings())
    let observer = try Self.observer(line.log)
    reader = try SimulatedReader(
      timing: line.paced ? .paced : .unpaced, cards: options.absent ? [] : cards,
      maximumSpeed: line.maxBaud, observer: observer)
    self.cards = cards
    link = line.link
    programPort =
      kinds.contains(.vpcd)
      ? try CardProgramPort(reader: reader, port: options.vpcdPort) : nil
    servedCard = try Self.serve(cards.first, options.serveVpcd)
    try Self.makeLink(line.link, to: reader.path)
    for fault in try line.faults() { reader.arm(fault) }
  }

  private static func observer(_ log: String?) throws -> (@Sendable (FrameRecord) -> Void)? {
    guard let log = try log.map(FrameLog.init) else { return nil }
    return { log.write($0) }
  }

  private static func cards(_ kinds: [CardOptions.Kind], _ settings: OATHSettings)
    -> [any VirtualCard]
  {
    kinds.compactMap { kind in
      switch kind {
      case .oath: settings.card()
      case .typeB: settings.card(.typeB(TypeBActivation()))
      case .mifareClassic: MIFAREClassicCard()
      case .mifareUltralight: MIFAREUltralightCard()
      case .hostile(let activation): settings.card(activation)
      case .vpcd: nil
      }
    }
  }

  private static func serve(_ card: (any VirtualCard)?, _ address: String?) throws -> VPCDCard? {
    guard let address, let card else { return nil }
    let parts = address.split(separator: ":")
    guard parts.count == 2, let port = UInt16(parts[1]) else {
      throw ValidationError("--serve-vpcd \(address): write HOST:PORT")
    }
    return try VPCDCard(card, host: String(parts[0]), port: port)
  }

  /// Replaces a link a killed run left behind, and nothing else.
  private static func makeLink(_ link: String?, to path: String) throws {
    guard let link else { return }
    let files = FileManager.default
    if (try? files.destinationOfSymbolicLink(atPath: link)) != nil {
      try files.removeItem(atPath: link)
    }
    try files.createSymbolicLink(atPath: link, withDestinationPath: path)
  }

  /// Ends everything; may be called twice.
  func end() {
    guard !hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if let link { try? FileManager.default.removeItem(atPath: link) }
    servedCard?.stop()
    programPort?.stop()
    reader.stop()
  }
}
