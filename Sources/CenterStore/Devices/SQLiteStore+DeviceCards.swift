import Center
import GRDB
import SmartOTP

extension SQLiteStore {
  public func addCard(
    _ card: CardIdentity, to device: DeviceID, code: RegistrationCode, as caller: Caller
  ) async throws(Refusal) -> (DeviceCard, CardKeys) {
    try await write { work in
      // Only what is public is kept for a repeated request: the keys are the card's, then as now.
      let deviceCard = try work.once(for: caller) {
        try work.putCard(card, on: device, code: code, as: caller)
      }
      let row = try work.requireCard(card)
      if let refusal = row.standing.activityRefusal { throw refusal }
      return (deviceCard, try work.keys(of: row))
    }
  }

  public func cards(on device: DeviceID) async throws(Refusal) -> [DeviceCard] {
    try await read { database in
      let number = try database.activeDevice(device)
      return try database.all(
        """
        SELECT cards.vendor_code, cards.serial, cards.issuer, institutions.name,
          cards.language
        FROM device_cards JOIN cards ON cards.number = device_cards.card
          JOIN institutions ON institutions.code = cards.issuer
        WHERE device_cards.device = ? ORDER BY cards.issuer
        """, .integer(number)
      ) {
        DeviceCard(
          card: try $0.card(0), issuer: try $0.checked(2), issuerName: $0.text(3),
          language: try $0.optional(4, $0.word))
      }
    }
  }

  public func removeCard(
    _ card: CardIdentity, from device: DeviceID, as caller: Caller
  ) async throws(Refusal) {
    try await write { work in
      let row = try work.requireDevice(device)
      let cardRow = try work.requireCard(card)
      let isOwn = caller.actor == .device(device)
      if !isOwn { try work.require(caller, toBe: row.device.institution) }
      let removed = try work.database.change(
        "DELETE FROM device_cards WHERE device = ? AND card = ?", .integer(row.number),
        .integer(cardRow.number))
      guard removed > 0 else { throw Refusal(.cardNotOnDevice) }
      if !isOwn {
        try work.push(
          .cardWithdrawn, card: cardRow.number, transaction: nil, to: row.number, at: caller.now)
      }
      try work.record("device.card-removed", row.auditSubject, cardRow.auditSubject, as: caller)
    }
  }
}

extension UnitOfWork {
  fileprivate func putCard(
    _ card: CardIdentity, on device: DeviceID, code: RegistrationCode, as caller: Caller
  ) throws -> DeviceCard {
    if case .device(let id) = caller.actor, id != device { throw Refusal(.notYours) }
    let deviceNumber = try database.activeDevice(device)
    let row = try requireCard(card)
    if let refusal = row.standing.activityRefusal { throw refusal }
    try useCardCode(code, card: row.number, at: caller.now)
    if let inTheWay = try self.card(of: row.card.issuer, on: deviceNumber) {
      guard inTheWay == card else {
        throw Refusal(
          .issuerTaken,
          "card \(inTheWay) of the same issuer is on this device: remove it first")
      }
    } else {
      try database.run(
        "INSERT INTO device_cards (device, issuer, card, added_at) VALUES (?, ?, ?, ?)",
        .integer(deviceNumber), .text(row.card.issuer.text), .integer(row.number),
        .integer(caller.now.seconds))
    }
    try record("device.card-added", "device:\(device)", row.auditSubject, as: caller)
    let name = try database.institution(row.card.issuer)?.name ?? row.card.issuer.text
    return DeviceCard(
      card: card, issuer: row.card.issuer, issuerName: name, language: row.card.language)
  }

  private func card(of issuer: InstitutionCode, on device: Int64) throws -> CardIdentity? {
    try database.first(
      """
      SELECT cards.vendor_code, cards.serial
      FROM device_cards JOIN cards ON cards.number = device_cards.card
      WHERE device_cards.device = ? AND device_cards.issuer = ?
      """, .integer(device), .text(issuer.text)
    ) { try $0.card(0) }
  }
}
