import SmartCard
import Testing

/// How a card differs from others that run the same protocol.
struct CardProfile: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// Data bytes in one answer.
  var chunk = 255
  /// Whether `61xx` says the true count or always `FF`.
  var saysExactCount = true
  /// A chain left half-read comes out in the next answer, with 9000.
  var spoilsUndrained = false
  var wrongValidate = StatusWord.wrongData
  var takesSetCode01 = true
  /// The first HOTP code is the one after the initial moving factor.
  var countsBeforeCalculating = false
  var counterMask: UInt32 = .max
  var replacesOnPut = true
  var hasSHA512 = true
  var hasReset = true
  var resetNeedsUnlocking = false
  var drawsIDAtReset = false
  var staysUnlocked = false
  var longestChallenge = 64
  /// Reads past the end of a PUT without the property tag: simulated as a refusal.
  var needsProperty = false
  /// Sends no data to a four-byte command.
  var needsLe = false
  /// Says the digits in HOTP and touch markers.
  var marksDigits = true

  static let all: [CardProfile] = [
    CardProfile(testDescription: "exact counts", drawsIDAtReset: true),
    CardProfile(
      testDescription: "always 61FF, spoils undrained chains", chunk: 20, saysExactCount: false,
      spoilsUndrained: true, wrongValidate: .referenceDataNotUsable, takesSetCode01: false,
      countsBeforeCalculating: true, replacesOnPut: false, hasSHA512: false, hasReset: false,
      staysUnlocked: true, longestChallenge: 8, needsProperty: true, needsLe: true),
    CardProfile(
      testDescription: "16-bit counters, locked reset", chunk: 64, counterMask: 0xFFFF,
      replacesOnPut: false, resetNeedsUnlocking: true, marksDigits: false),
  ]
}
