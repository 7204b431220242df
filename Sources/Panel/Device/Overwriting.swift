extension [UInt8] {
  /// Sets every byte to zero in place, and forgets them; the memory is given back.
  mutating func overwrite() {
    withUnsafeMutableBytes { bytes in
      for index in bytes.indices { bytes[index] = 0 }
      withExtendedLifetime(bytes) {}
    }
    removeAll(keepingCapacity: false)
  }
}
