import COpenSSL

/// Owns one libcrypto object and releases it with the function that belongs to it.
///
/// Objects kept in a public type are only read after their initialisation, which libcrypto allows from
/// any thread.
struct NativeObject: ~Copyable, @unchecked Sendable {
  typealias Release = @convention(c) (OpaquePointer?) -> Void
  typealias Decoder = (
    UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, Int
  ) -> OpaquePointer?
  typealias Encoder = (
    OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?
  ) -> CInt

  private let pointer: OpaquePointer
  private let release: Release

  /// Takes over what the libcrypto function `operation` returned.
  init(
    owning pointer: OpaquePointer?, release: Release, _ operation: String,
    as reason: CryptographyError.Reason = .libraryFailure
  ) throws(CryptographyError) {
    self.pointer = try require(pointer, operation, as: reason)
    self.release = release
  }

  deinit {
    release(pointer)
  }

  func withPointer<Result, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(pointer)
  }

  /// Reads one object that fills `bytes` to the end, or throws `malformed`.
  static func decode(
    _ bytes: [UInt8], _ operation: String, release: Release, with decoder: Decoder
  ) throws(CryptographyError) -> NativeObject {
    var isComplete = false
    let decoded = bytes.withUnsafeBytes { bytes -> OpaquePointer? in
      var position: UnsafePointer<UInt8>? = bytes.bytePointer
      let object = decoder(nil, &position, bytes.count)
      isComplete = position == bytes.bytePointer + bytes.count
      return object
    }
    let object = try NativeObject(owning: decoded, release: release, operation, as: .malformed)
    guard isComplete else { throw CryptographyError(.malformed, operation) }
    return object
  }

  /// As `decode`, and `bytes` must be the object's one DER encoding: a second encoding would give the
  /// same object a second fingerprint.
  static func decodeDER(
    _ bytes: [UInt8], _ operation: String, release: Release, with decoder: Decoder,
    checkedBy encoder: Encoder
  ) throws(CryptographyError) -> NativeObject {
    let object = try decode(bytes, operation, release: release, with: decoder)
    guard try object.encode(operation, with: encoder) == bytes else {
      throw CryptographyError(.malformed, operation)
    }
    return object
  }

  func encode(_ operation: String, with encoder: Encoder) throws(CryptographyError) -> [UInt8] {
    try encoded(pointer, operation, with: encoder)
  }
}

/// The DER that an `i2d` function makes of an object that someone else owns.
func encoded(
  _ pointer: OpaquePointer?, _ operation: String, with encoder: NativeObject.Encoder
) throws(CryptographyError) -> [UInt8] {
  var output: UnsafeMutablePointer<UInt8>?
  let count = encoder(pointer, &output)
  let start = try require(count > 0 ? output : nil, operation)
  defer { CRYPTO_free(start, nil, 0) }
  return Array(UnsafeBufferPointer(start: start, count: Int(count)))
}
