/// What an empty buffer points at: libcrypto takes a null pointer for "not given", not for "empty".
nonisolated(unsafe) private let emptyPlace = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

extension UnsafeRawBufferPointer {
  /// The start as libcrypto wants it: bytes, and never null.
  var bytePointer: UnsafePointer<UInt8> {
    guard let baseAddress else { return UnsafePointer(emptyPlace) }
    return baseAddress.assumingMemoryBound(to: UInt8.self)
  }
}

extension UnsafeMutableRawBufferPointer {
  var bytePointer: UnsafeMutablePointer<UInt8> {
    guard let baseAddress else { return emptyPlace }
    return baseAddress.assumingMemoryBound(to: UInt8.self)
  }
}
