import DeviceIdentity
import OTPCard
import Reader
import SmartCard
import SmartOTP

/// Taps of the cards on this device.
struct DeviceTap {
  let cards: [StoredCard]
  let session: ReaderSession
  let reader: LibNFCReader

  /// Which of the device's cards lies on the reader. The card has proved it with its access key.
  ///
  /// - Throws: `CommandFailure`; the card that is not on this device is named by nothing but that.
  func identify(_ channel: any ActivatedCard) async throws -> StoredCard {
    let deadline = ContinuousClock.now + ReaderSession.tapTime
    do throws(OATHError) {
      let selection = try await OATHCard(channel).identify(deadline: deadline)
      guard selection.isLocked else { throw OATHError.accessKeyMissing }
      for card in candidates(selection.id)
      where try await has(card, channel, selection.id, deadline) {
        return card
      }
    } catch {
      throw CommandFailure(error)
    }
    throw CommandFailure(
      "this card is not on this device; add it with smartotp device add-card", .permission)
  }

  /// The cards it may be, the likeliest first: an application draws a new id when it is reset.
  private func candidates(_ id: [UInt8]) -> [StoredCard] {
    cards.filter { $0.applicationID == id } + cards.filter { $0.applicationID == nil }
  }

  private func has(
    _ card: StoredCard, _ channel: any ActivatedCard, _ id: [UInt8],
    _ deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> Bool {
    guard let key = OATHAccessKey(card.accessKey) else { return false }
    do throws(OATHError) {
      try await OATHCard(channel, access: .required(key), expectedID: id)
        .perform(deadline: deadline) { _ throws(OATHError) in }
      return true
    } catch .wrongAccessKey {
      return false
    }
  }
}
