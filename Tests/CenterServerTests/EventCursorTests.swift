import SmartOTP
import Testing

@testable import CenterServer

@Suite("Where a stream is among the events")
struct EventCursorTests {
  private func event(_ id: Int64) -> DeviceEvent {
    DeviceEvent(
      id: id, kind: .transactionPending,
      card: CardIdentity(
        vendorCode: VendorCode(accepted: "K01"), serial: Serial(accepted: "12345678")),
      transaction: nil, time: UnixTime(0))
  }

  @Test("Other devices' events are waited past, and what the device resumes after stays its own")
  func others() {
    var cursor = EventCursor(after: 3)
    cursor.take([], newest: 50)
    #expect(cursor.seen == 50)
    #expect(cursor.sent == 3)
  }

  @Test("What came after the newest was asked for is sent, and nothing before it is passed over")
  func later() {
    var cursor = EventCursor(after: 3)
    cursor.take([event(4), event(60)], newest: 50)
    #expect(cursor == EventCursor(after: 60))
    cursor.take([], newest: 60)
    #expect(cursor == EventCursor(after: 60))
  }

  @Test("A full batch goes on with the next one")
  func batch() {
    var cursor = EventCursor(after: 0)
    cursor.take([event(1), event(2)], newest: 50)
    #expect(cursor.seen == 2)
  }
}
