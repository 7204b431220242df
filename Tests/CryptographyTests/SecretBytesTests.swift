import TestMaterial
import Testing

@testable import Cryptography

@Suite("Secret bytes")
struct SecretBytesTests {
  private static let marker = Array("correct horse battery staple".utf8)

  /// Every way Swift turns a value into text.
  private static func renderings<T>(of value: T) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    return [
      "\(value)", String(describing: value), String(reflecting: value), dumped,
      String(describing: Mirror(reflecting: value).children.map { "\($0)" }),
    ]
  }

  @Test("No description, dump or mirror shows the content")
  func contentIsNeverRendered() {
    struct Holder {
      var secret: SecretBytes
    }
    let secret = SecretBytes(Self.marker)
    let texts =
      Self.renderings(of: secret) + Self.renderings(of: Holder(secret: secret))
      + Self.renderings(of: [secret]) + Self.renderings(of: Optional(secret))
    for text in texts {
      #expect(!text.contains("correct"))
      #expect(!text.contains("horse"))
      #expect(!text.contains(hex(Self.marker.prefix(4))))
      #expect(!text.contains("\(Self.marker[0]), \(Self.marker[1])"))
      #expect(!text.contains("0x0000"), "an address leads a debugger to the content")
    }
    #expect("\(secret)" == "<secret>")
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test("A private key is not rendered either")
  func privateKeyIsNeverRendered() throws {
    let key = try P256.PrivateKey.generate()
    let scalar = try key.pkcs8().withUnsafeBytes { Array($0[36..<68]) }
    for text in Self.renderings(of: key) {
      #expect(!text.lowercased().contains(hex(scalar.prefix(4))))
      #expect(!text.contains("0x0000"))
    }
  }

  @Test("A secret cannot be encoded")
  func isNotEncodable() {
    #expect((SecretBytes([1]) as Any) as? any Encodable == nil)
  }

  @Test("Secrets compare by content")
  func equality() {
    #expect(SecretBytes([1, 2, 3]) == SecretBytes([1, 2, 3]))
    #expect(SecretBytes([1, 2, 3]) != SecretBytes([1, 2, 4]))
    #expect(SecretBytes([1, 2, 3]) != SecretBytes([1, 2]))
    #expect(SecretBytes([]) == SecretBytes([]))
  }

  @Test("Parts are joined in order")
  func concatenation() {
    let joined = SecretBytes(
      concatenating: [SecretBytes([1, 2]), SecretBytes([]), SecretBytes([3])])
    #expect(joined == SecretBytes([1, 2, 3]))
    #expect(SecretBytes(concatenating: []).isEmpty)
  }

  @Test("A wiped array is empty and its buffer holds zeros")
  func wipingTheSource() {
    var bytes = [UInt8](repeating: 0, count: Self.marker.count)
    bytes.replaceSubrange(0..., with: Self.marker)
    let secret = SecretBytes(wiping: &bytes)
    #expect(bytes.isEmpty)
    #expect(secret == SecretBytes(Self.marker))
  }

  @Test("Random secrets have the size asked for and differ")
  func randomSecrets() throws {
    let first = try SecretBytes.random(count: 32)
    let second = try SecretBytes.random(count: 32)
    #expect(first.count == 32)
    #expect(first != second)
    #expect(try SecretBytes.random(count: 0).isEmpty)
  }

  @Test("Constant-time equality agrees with equality")
  func constantTime() {
    #expect(constantTimeEqual([], []))
    #expect(constantTimeEqual([1, 2], [1, 2]))
    #expect(!constantTimeEqual([1, 2], [1, 3]))
    #expect(!constantTimeEqual([1, 2], [1]))
    #expect(!constantTimeEqual([], [0]))
  }
}
