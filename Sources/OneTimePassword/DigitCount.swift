/// How many decimal digits a HOTP or TOTP code has (RFC 4226, 5.3).
public enum DigitCount: UInt8, CaseIterable, Sendable {
  case six = 6
  case seven = 7
  case eight = 8
}
