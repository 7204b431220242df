import PN53x
import ReaderWire
import SmartCard

/// An opened reader: the chip behind its link, its line, and what is known of their state.
///
/// Order of calls: `open`, then any; after a `.line` fault the next call settles the line first;
/// after `.gone` only `close` makes sense.
final class ReaderDevice {
  let connstring: Connstring
  let firmware: FirmwareVersion
  let firmwareBytes: [UInt8]
  private let link: ChipLink
  private let port: SerialPort?
  /// Held for as long as the reader is.
  private let lock: LockedNode?
  private var line: LineSpeed?

  /// The card that takes APDUs now.
  private(set) var selected: PassiveTarget?
  private var waitingTime = FrameWaitingTime.standard
  /// Whether some card was activated since the field was last off: should it still be there, it
  /// ignores a mere request.
  private(set) var mayHoldActiveCard = false
  var search: CardSearch
  private var exchangeTimer: RFTimer
  private let node: USBNode?
  private let care: OpeningCare
  let departure: DepartureWatch?
  private var needsSettling = false
  private var lastEcho: UInt8 = 0

  /// Covers FWI 8 (77 ms), what most cards ask for, so that they cost no extra command.
  private static let usualTimer = RFTimer(atLeast: 82_000)
  /// How often the chip tries again to activate a card, and a second one: once, since a card that
  /// was let go of but never left answers the second request only. The search goes on anyway, and
  /// each try for a card that is not there takes 5 ms.
  private static let activationRetries: UInt8 = 1

  init(
    connstring: Connstring, link: ChipLink, port: SerialPort?, lock: LockedNode?, line: LineSpeed?,
    firmwareBytes: [UInt8], care: OpeningCare, within budget: TimeBudget
  ) throws(DriverFault) {
    self.connstring = connstring
    self.link = link
    self.port = port
    self.lock = lock
    node = USBNode(connstring)
    self.care = care
    departure = DepartureWatch(node: node, port: port)
    self.line = line
    self.firmwareBytes = firmwareBytes
    do {
      firmware = try FirmwareVersion(parsing: firmwareBytes)
    } catch {
      throw DriverFault(.unidentifiedChip, detail: "the chip's version has an unknown form")
    }
    search = CardSearch(supportsTypeB: firmware.supportsTypeB)
    exchangeTimer = Self.usualTimer
    _ = try link.transceive(
      .timings(activation: RFTimer(atLeast: 100_000), exchange: Self.usualTimer), within: budget)
    _ = try link.transceive(.activationRetries(Self.activationRetries), within: budget)
  }

  var description: OpenedReader {
    OpenedReader(
      name: link.name, firmware: firmwareBytes,
      lineSpeed: line?.current.bitsPerSecond ?? connstring.speed ?? 0)
  }

  var lineSpeed: SerialSpeed? { line?.current }

  /// Hands the chip back as libnfc expects to find it.
  func close() {
    line?.restore(link: link, within: TimeBudget(microseconds: 300_000))
    link.close()
  }
}

// MARK: - Chip commands

extension ReaderDevice {
  /// One chip command, the line settled first when the last one failed.
  func command(
    _ command: ChipCommand, within budget: TimeBudget
  ) throws(DriverFault) -> [UInt8] {
    if needsSettling { try settle(within: budget) }
    // An ACR122U whose chip was powered down is dead until it is unplugged; libnfc does not do it
    // either when it closes one.
    guard
      command.bytes.first != ChipCommand.Code.powerDown.rawValue
        || !care.contains(.leavePowered)
    else { throw DriverFault(.state, detail: "this reader must not be powered down") }
    do {
      return try link.transceive(command, within: budget)
    } catch {
      guard error.kind == .line else { throw error }
      needsSettling = true
      try checkPresence(after: error)
      throw error
    }
  }

  private func settle(within budget: TimeBudget) throws(DriverFault) {
    if let port {
      // Aborts whatever the chip still does (UM0701-02, 6.2.1.3); a late answer is thrown away.
      port.write(HostFrame.ack)
      port.discardInput()
    } else {
      try checkStep(within: budget)
    }
    needsSettling = false
  }

  /// What a USB reader had to say after libnfc stopped listening is what libnfc reads next, and every
  /// answer from then on is one command late. An echo of bytes never sent before tells.
  private func checkStep(within budget: TimeBudget) throws(DriverFault) {
    lastEcho &+= 1
    let bytes: [UInt8] = [0x53, 0x4F, lastEcho]
    do throws(DriverFault) {
      let answer = try link.transceive(.echo(bytes), within: budget.capped(milliseconds: 300))
      guard answer == [0x00] + bytes else { throw DriverFault(.outOfStep) }
    } catch {
      try checkPresence(after: error)
      throw DriverFault(.outOfStep, code: error.code, detail: error.detail)
    }
  }

  /// - Throws: `.gone` when the device that failed is not there any more.
  private func checkPresence(after fault: DriverFault) throws(DriverFault) {
    let path =
      port.flatMap { $0.isHungUp ? $0.path : nil } ?? node.flatMap { $0.isThere ? nil : $0.path }
    guard let path else { return }
    throw DriverFault(
      .gone, code: fault.code, detail: path, commandMayHaveRun: fault.commandMayHaveRun)
  }

  /// Lists the cards of one kind. A card that lies about its own data is `.malformed`.
  func list(_ kind: TargetKind, within budget: TimeBudget) throws(DriverFault) -> [PassiveTarget] {
    try targets(of: kind.listCommand, kind: kind, within: budget)
  }

  /// The answer to a listing or selecting command, decoded. One card found is the selected one.
  func targets(
    of listing: ChipCommand, kind: TargetKind, within budget: TimeBudget
  ) throws(DriverFault) -> [PassiveTarget] {
    selected = nil
    let answer = try command(listing, within: budget)
    let targets: [PassiveTarget]
    do {
      targets = try PassiveTarget.list(answer, kind: kind)
    } catch {
      throw DriverFault(.malformed, detail: error.explanation)
    }
    if targets.count == 1, let card = targets.first {
      selected = card
      waitingTime = (try? Activation(card))?.frameWaitingTime ?? .standard
    }
    if !targets.isEmpty { mayHoldActiveCard = true }
    return targets
  }

  /// Drops the field long enough for every card to forget its state (5 ms, ISO/IEC 14443-3, 6.2.4),
  /// and gives cards the time to wake up.
  func resetField(within budget: TimeBudget) throws(DriverFault) {
    selected = nil
    mayHoldActiveCard = false
    _ = try command(.field(on: false), within: budget)
    budget.pause(milliseconds: 6)
    _ = try command(.field(on: true), within: budget)
    budget.pause(milliseconds: 6)
  }

  func release(within budget: TimeBudget) throws(DriverFault) {
    guard selected != nil else { return }
    selected = nil
    _ = try command(.releaseAll, within: budget)
  }
}

// MARK: - Cards

extension ReaderDevice {
  /// One APDU to the selected card and its answer.
  func exchange(_ apdu: [UInt8], within budget: TimeBudget) throws(DriverFault) -> [UInt8] {
    guard selected != nil else { throw DriverFault(.state, detail: "no card is selected") }
    let waiting = waitingTime
    do {
      try setExchangeTimer(for: waiting, within: budget)
    } catch {
      throw error.beforeTheCard
    }
    // Nothing a card may do takes longer than its longest extension, whatever the deadline.
    let longest = waiting.withWaitingTimeExtension(multiplier: 59)
    let host = budget.capped(milliseconds: Int(longest.milliseconds) + 200)
    var answer: [UInt8] = []
    for piece in ChipCommand.dataExchange(apdu, pieceSize: connstring.exchangePieceSize) {
      do {
        answer = try command(piece, within: host)
      } catch {
        self.selected = nil
        throw error.judged
      }
    }
    guard let status = answer.first else {
      self.selected = nil
      throw DriverFault(
        .malformed, detail: "the chip's answer lacks its status byte", commandMayHaveRun: true)
    }
    guard ChipStatus(rawValue: status).isSuccess else {
      self.selected = nil
      throw DriverFault(.chipStatus, code: Int32(status)).judged
    }
    // No card answers without a status word.
    guard answer.count > 2 || !connstring.cutsLongAnswers else {
      self.selected = nil
      throw DriverFault(.library, detail: "libnfc cut the answer", commandMayHaveRun: true)
    }
    return Array(answer.dropFirst())
  }

  private func setExchangeTimer(
    for waiting: FrameWaitingTime, within budget: TimeBudget
  ) throws(DriverFault) {
    let timer = RFTimer(
      frameWaitingTime: Int(waiting.microseconds), deadline: budget.remainingMicroseconds)
    // A longer timer than this card needs is kept when the deadline allows it: one command saved.
    let longEnough =
      exchangeTimer.code >= timer.code
      && exchangeTimer.microseconds <= max(Self.usualTimer.microseconds, timer.microseconds)
      && exchangeTimer.microseconds <= budget.remainingMicroseconds
    guard !longEnough else { return }
    _ = try command(
      .timings(activation: RFTimer(atLeast: 100_000), exchange: timer), within: budget)
    exchangeTimer = timer
  }

  /// Activates a card again after a field reset. False when none is there.
  ///
  /// - Throws: `.otherCard` when one answers that cannot be the one asked for.
  func reactivate(
    kind: TargetKind, uid: [UInt8], within budget: TimeBudget
  ) throws(DriverFault) -> PassiveTarget? {
    try resetField(within: budget)
    let isFixed = kind == .typeA && !uid.isEmpty && !(uid.count == 4 && uid.first == 0x08)
    if isFixed, let selection = ChipCommand.selectTypeA(uid: uid),
      let card = try targets(of: selection, kind: kind, within: budget).first
    {
      guard card.identifier == uid else { throw DriverFault(.otherCard) }
      return card
    }
    let cards = try list(kind, within: budget)
    guard let card = cards.first else { return nil }
    guard cards.count == 1, card.identifier == uid || (!isFixed && card.hasRandomIdentifier) else {
      selected = nil
      throw DriverFault(.otherCard)
    }
    return card
  }

  /// Whether the selected ISO-DEP card still answers. Two tries: a card at the edge of the field
  /// fails now and then.
  func isSelectedPresent(within budget: TimeBudget) throws(DriverFault) -> Bool {
    guard let selected else { return false }
    for _ in 0..<2 {
      let answer: [UInt8]
      do {
        answer = try command(
          .presence(of: selected.kind, chip: firmware.chip),
          within: budget.capped(milliseconds: 300))
      } catch {
        guard error.kind == .chipStatus else { throw error }
        continue
      }
      if let status = answer.first, ChipStatus(rawValue: status).isSuccess { return true }
    }
    self.selected = nil
    return false
  }
}

extension DriverFault {
  /// The same fault, which came before anything went to the card.
  var beforeTheCard: DriverFault {
    var fault = self
    fault.commandMayHaveRun = false
    return fault
  }

  /// A chip status with the judgement whether the card got the command: it did not when the chip
  /// refused to send it.
  var judged: DriverFault {
    guard kind == .chipStatus else { return self }
    var fault = self
    fault.commandMayHaveRun =
      ChipStatus(rawValue: UInt8(truncatingIfNeeded: code)).meaning != .chipRefused
    return fault
  }
}
