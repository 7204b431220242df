import SmartCard

/// What a response should look like: hexadecimal, where `?` or `.` stands for any digit and `*` for
/// any number of whole bytes, none included. `79??*9000` is an answer that begins with 79 and ends
/// well; `*9000` any answer that ends well.
public struct ResponsePattern: Hashable, Sendable {
  /// A byte that is known in the bits of `mask` only.
  struct Byte: Hashable, Sendable {
    var value: UInt8
    var mask: UInt8

    func matches(_ byte: UInt8) -> Bool { byte & mask == value }
  }

  /// The bytes between the stars: one part more than there are stars.
  let parts: [[Byte]]

  /// Whether the whole response, data and status word, is as the pattern says.
  public func matches(_ response: ResponseAPDU) -> Bool { matches(response.encoded()) }

  func matches(_ bytes: [UInt8]) -> Bool {
    guard let first = parts.first, let last = parts.last else { return bytes.isEmpty }
    guard parts.count > 1 else { return bytes.count == first.count && found(first, in: bytes, 0) }
    let end = bytes.count - last.count
    guard first.count <= end, found(first, in: bytes, 0), found(last, in: bytes, end) else {
      return false
    }
    // The first place that fits is as good as any: it leaves the most to the parts after it.
    var start = first.count
    for part in parts.dropFirst().dropLast() {
      guard let place = place(of: part, in: bytes, from: start, to: end) else { return false }
      start = place + part.count
    }
    return true
  }

  private func place(of part: [Byte], in bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    guard start + part.count <= end else { return nil }
    return (start...end - part.count).first { found(part, in: bytes, $0) }
  }

  private func found(_ part: [Byte], in bytes: [UInt8], _ start: Int) -> Bool {
    part.indices.allSatisfy { part[$0].matches(bytes[start + $0]) }
  }
}

extension ResponsePattern: CustomStringConvertible {
  /// Upper case, `?` for any digit, nothing between the bytes.
  public var description: String {
    parts.map { part in
      part.map { byte in
        zip(Hexadecimal.text([byte.value]), Hexadecimal.text([byte.mask]))
          .map { $1 == "0" ? "?" : String($0) }.joined()
      }.joined()
    }.joined(separator: "*")
  }
}

extension ResponsePattern {
  /// The same after any number of bytes.
  public var afterAnyData: ResponsePattern { ResponsePattern(parts: [[]] + parts) }
}
