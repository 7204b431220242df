import HTTPTypes
import SmartOTP

extension CenterAPI {
  func ownCards(_ call: Call) async throws -> Page<DeviceCard> {
    Page(items: try await store.cards(on: call.device()), next: nil)
  }

  func addCard(_ call: Call, _ request: DeviceCardRequest) async throws -> DeviceCard {
    let (card, keys) = try await store.addCard(
      request.card, to: call.device(), code: request.code, as: call.caller)
    return DeviceCard(
      card: card.card, issuer: card.issuer, issuerName: card.issuerName,
      accessKey: try call.holder().seal(accessKeyOf: keys, for: card.card),
      language: card.language)
  }

  func removeCard(_ call: Call) async throws {
    try await store.removeCard(call.path.card(), from: call.device(), as: call.caller)
  }

  func openTransactions(_ call: Call) async throws -> Page<Transaction> {
    let transactions = try await store.openTransactions(
      for: call.path.card(), on: call.device(), at: call.now)
    return Page(items: transactions, next: nil)
  }

  func events(_ call: Call) async throws -> Answer {
    let device = try call.device()
    let last = try call.lastEventID()
    guard streams.open(device) else {
      throw Refusal(.rateLimited, "too many event streams are open: close one, or wait")
    }
    return Answer(
      EventStream(
        store: store, device: device, certificate: try call.holder().serial, last: last,
        writeTime: deadlines.event, close: { streams.close(device) }))
  }
}

extension Call {
  /// Nil without the field: the stream begins now.
  fileprivate func lastEventID() throws(Refusal) -> Int64? {
    guard let text = headers[.lastEventID], !text.isEmpty else { return nil }
    guard let id = Int64(text), id >= 0, text.utf8.first != UInt8(ascii: "+") else {
      throw Refusal(.invalidValue, "Last-Event-ID: the id of an event")
    }
    return id
  }
}
