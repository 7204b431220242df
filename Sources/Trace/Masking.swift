/// What a trace hides.
public enum Masking: Sendable {
  /// Keys, codes, and the proofs of keys are replaced by bytes 2A; so is everything that cannot be
  /// told from them. Sizes, headers, tags and status words stay.
  case secrets
  /// Nothing. Such a trace can hold keys: it is for cards that hold no real ones.
  case none

  /// What stands in a secret's place.
  static let fill: UInt8 = 0x2A
}
