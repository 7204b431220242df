import Cryptography

/// A transaction's name. It is part of what a code vouches for (protocol.md, section 1), which leaves
/// its form to the centre that draws it.
public struct TransactionID: CheckedText {
  public static let rule = "a transaction id is 1 to 64 letters, digits and -"
  public let text: String

  public init(accepted text: String) { self.text = text }

  public static func accepts(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
      }
  }

  /// A new one, with 80 random bits: `T-7ZK3QJ0V5N2M8R4T`.
  public static func random() throws(CryptographyError) -> Self {
    Self(accepted: "T-" + CrockfordBase32.text(of: try randomBytes(count: 10)))
  }
}
