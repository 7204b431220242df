import Cryptography

/// Seals what the state directory holds under a key that only this hardware makes again:
/// HKDF-SHA-256 over the hardware's fingerprint, with the salt file as its salt.
///
/// ```
/// sealed = "SOTP" || 01 || u16be(byte count of the rest) || nonce (12) || ciphertext || tag (16)
/// ```
/// Associated data: what the file is for, so that no file passes for another.
struct StateSeal: Sendable {
  static let saltByteCount = 32
  private static let head: [UInt8] = Array("SOTP".utf8) + [1]
  private static let keyInfo = Array("smartotp device state 1".utf8)
  private static let checkInfo = Array("smartotp device check 1".utf8)

  private let key: SecretBytes
  /// Tells this hardware from another; says nothing of the key.
  let check: [UInt8]

  init(salt: [UInt8], fingerprint: SecretBytes) throws(DeviceIdentityError) {
    do {
      key = try HKDF.deriveKey(
        .sha256, from: fingerprint, salt: salt, info: Self.keyInfo,
        count: AES256GCM.keyByteCount)
      let check = try HKDF.deriveKey(
        .sha256, from: fingerprint, salt: salt, info: Self.checkInfo, count: 16)
      self.check = check.withUnsafeBytes { Array($0) }
    } catch { throw .cryptography(error) }
  }

  func seal(
    _ secret: SecretBytes, as purpose: String
  ) throws(DeviceIdentityError) -> [UInt8] {
    do {
      let sealed = try AES256GCM.seal(secret, key: key, associatedData: Array(purpose.utf8))
        .combined
      return Self.head + [UInt8(sealed.count >> 8 & 0xFF), UInt8(sealed.count & 0xFF)] + sealed
    } catch { throw .cryptography(error) }
  }

  /// - Throws: `damaged` for anything that `seal` did not make here, half-written files included.
  func open(
    _ file: [UInt8], as purpose: String
  ) throws(DeviceIdentityError) -> SecretBytes {
    let start = Self.head.count + 2
    guard file.count > start, file.starts(with: Self.head),
      Int(file[start - 2]) << 8 | Int(file[start - 1]) == file.count - start
    else { throw .damaged(purpose) }
    do {
      return try AES256GCM.open(
        .init(combined: Array(file[start...])), key: key, associatedData: Array(purpose.utf8))
    } catch {
      throw .damaged(purpose)
    }
  }
}
