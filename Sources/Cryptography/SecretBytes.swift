import COpenSSL

/// Bytes that nobody should see: a key, a password, a shared secret.
///
/// They live outside the Swift heap, are never copied by the type itself, and are overwritten with
/// zeros when the last reference goes. No description, dump or mirror shows them or their number.
/// Where the program has called `LockedMemory.reserve` they are kept there, out of swap and core dumps.
public final class SecretBytes: @unchecked Sendable {
  // Written only while initialising, so sharing between threads is sound.
  private let storage: UnsafeMutableRawPointer
  public let count: Int

  public var isEmpty: Bool { count == 0 }

  /// Allocates `count` zero bytes and lets `initialize` write the secret in place.
  ///
  /// Should `initialize` throw, what it had written is wiped.
  public init<Failure: Error>(
    count: Int,
    initializingWith initialize: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(count >= 0, "a secret cannot have a negative size")
    self.count = count
    self.storage = Self.allocate(max(count, 1))
    try initialize(UnsafeMutableRawBufferPointer(start: storage, count: count))
  }

  deinit {
    CRYPTO_secure_clear_free(storage, max(count, 1), nil, 0)
  }

  /// Reads the secret in place. Do not let the pointer escape, nor copy more than is needed.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: storage, count: count))
  }

  private static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    // Locked memory is small. When it is full the ordinary heap serves; zeroing stays the same.
    let locked =
      size <= LockedMemory.maximumPieceByteCount ? CRYPTO_secure_zalloc(size, nil, 0) : nil
    guard let pointer = locked ?? CRYPTO_zalloc(size, nil, 0) else {
      preconditionFailure("out of memory")
    }
    return pointer
  }
}

extension SecretBytes {
  /// Copies `bytes`. The source keeps its content: prefer `init(wiping:)`.
  public convenience init(_ bytes: some Collection<UInt8>) {
    self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
  }

  /// Takes the content over: `bytes` is overwritten with zeros and left empty.
  ///
  /// Other arrays that share the same buffer keep it; wipe where the array is the only owner.
  public convenience init(wiping bytes: inout [UInt8]) {
    self.init(bytes)
    bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    bytes.removeAll()
  }

  /// The parts one after another.
  public convenience init(concatenating parts: [SecretBytes]) {
    self.init(count: parts.reduce(0) { $0 + $1.count }) { buffer in
      var offset = 0
      for part in parts {
        part.withUnsafeBytes { buffer[offset...].copyBytes(from: $0) }
        offset += part.count
      }
    }
  }

  /// `count` bytes from libcrypto's generator for private values.
  public static func random(count: Int) throws(CryptographyError) -> SecretBytes {
    try SecretBytes(count: count) { buffer throws(CryptographyError) in
      try check(RAND_priv_bytes_ex(nil, buffer.bytePointer, buffer.count, 0), "RAND_priv_bytes_ex")
    }
  }
}

extension SecretBytes: Equatable {
  /// Equality in a time that depends on the sizes alone.
  public static func == (left: SecretBytes, right: SecretBytes) -> Bool {
    left.withUnsafeBytes { left in right.withUnsafeBytes { constantTimeEqual(left, $0) } }
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "<secret>" }
  public var debugDescription: String { "<secret>" }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
