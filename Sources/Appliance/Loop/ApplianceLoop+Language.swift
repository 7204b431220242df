import DeviceIdentity
import SmartOTP

/// What concerns a customer's card is said in the language of the card's record, everything else in the
/// appliance's own.
extension ApplianceLoop {
  /// - Parameter before: the phase that the effects came out of; a notice may be about its card.
  func chooseLanguage(after effects: [SessionEffect], from before: SessionPhase) {
    let isNoticed = effects.contains { if case .notice = $0 { true } else { false } }
    if isNoticed { noticeLanguage = language(of: before.card ?? session.phase.card) }
    let chosen: Language? =
      switch session.phase {
      // For the staff.
      case .restricted, .readerLost: nil
      // Whoever is told something there reads it with what stands around it.
      case .idle: current.notice == nil ? nil : noticeLanguage
      default: language(of: session.phase.card)
      }
    current.language = chosen ?? configuration.language
  }

  /// Asks the centre what the cards' records say now; an operator may have changed it.
  func learnLanguages() {
    guard let center = context?.center else { return }
    Task {
      do throws(CenterServiceError) { learn(from: try await center.deviceCards()) } catch {
        log(.warning, "could not ask for the cards: \(error)")
      }
    }
  }

  private func learn(from records: [DeviceCard]) {
    for record in records {
      let known = context?.cards.firstIndex {
        $0.card == record.card && $0.language != record.language
      }
      guard let known else { continue }
      context?.cards[known].language = record.language
      do throws(DeviceIdentityError) {
        try context?.keepLanguage(record.language, record.card)
      } catch {
        note("the language of card \(record.card) could not be kept: \(error)")
      }
    }
  }

  /// Nil for a card that is not on this device, or whose record says none.
  private func language(of card: CardIdentity?) -> Language? {
    guard let card else { return nil }
    return context?.cards.first { $0.card == card }?.language
  }
}
