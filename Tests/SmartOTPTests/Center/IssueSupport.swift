import Foundation
import SmartOTP

extension Field {
  /// Waits until the card was sent so many APDUs and one more; false when the program ends before.
  func reaches(apdu number: Int, before program: RunningProgram) async throws -> Bool {
    for _ in 0..<3000 {
      if hardware.faultsFired > 0 { return true }
      if program.hasEnded { return false }
      try await Task.sleep(for: .milliseconds(10))
    }
    return false
  }
}

extension TestCentre {
  /// The application that the card with this serial number was reserved for.
  func application(of serial: String) async throws -> String? {
    var request = PageRequest(limit: 200)
    while true {
      let page = try await store.applications(at: Self.issuer, request)
      if let found = page.items.first(where: { $0.card?.serial.text == serial }) {
        return found.id.text
      }
      guard let next = page.next else { return nil }
      request = PageRequest(cursor: next, limit: 200)
    }
  }
}
