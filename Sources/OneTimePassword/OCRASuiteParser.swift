/// Walks over a suite's bytes, each step bounded by what is left of them.
struct OCRASuiteParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Skips `token` if it comes next.
  mutating func skip(_ token: StaticString) -> Bool {
    let count = token.utf8CodeUnitCount
    guard count <= bytes.count - position else { return false }
    for index in 0..<count where bytes[position + index] != token.utf8Start[index] {
      return false
    }
    position += count
    return true
  }

  mutating func expect(_ token: StaticString) throws(OCRAError) {
    guard skip(token) else { throw malformed }
  }

  func expectEnd() throws(OCRAError) {
    guard position == bytes.count else { throw malformed }
  }

  mutating func hash() throws(OCRAError) -> HashFunction {
    guard let hash = optionalHash() else { throw malformed }
    return hash
  }

  mutating func digitCount() throws(OCRAError) -> Int {
    try number(maximumDigits: 2) { $0 == 0 || (4...10).contains($0) }
  }

  mutating func question() throws(OCRAError) -> OCRASuite.QuestionFormat {
    try expect("Q")
    let alphabet: OCRASuite.QuestionFormat.Alphabet
    if skip("A") {
      alphabet = .alphanumeric
    } else if skip("N") {
      alphabet = .numeric
    } else if skip("H") {
      alphabet = .hexadecimal
    } else {
      return OCRASuite.QuestionFormat(alphabet: .numeric, maximumCount: 8)
    }
    let count = try number(maximumDigits: 2) { (4...64).contains($0) }
    return OCRASuite.QuestionFormat(alphabet: alphabet, maximumCount: count)
  }

  mutating func pin() throws(OCRAError) -> HashFunction? {
    guard skip("-P") else { return nil }
    return isAtInputEnd ? .sha1 : try hash()
  }

  mutating func session() throws(OCRAError) -> Int? {
    guard skip("-S") else { return nil }
    return isAtInputEnd ? 64 : try number(maximumDigits: 3) { (1...512).contains($0) }
  }

  mutating func time() throws(OCRAError) -> UInt32? {
    guard skip("-T") else { return nil }
    if isAtInputEnd { return 60 }
    let count = try number(maximumDigits: 2) { (1...59).contains($0) }
    if skip("S") { return UInt32(count) }
    if skip("M") { return UInt32(count) * 60 }
    guard count <= 48 else { throw malformed }
    try expect("H")
    return UInt32(count) * 3600
  }

  private var malformed: OCRAError { .malformedSuite(at: position) }

  private var isAtInputEnd: Bool {
    position == bytes.count || bytes[position] == 0x2D
  }

  private mutating func optionalHash() -> HashFunction? {
    if skip("SHA1") { return .sha1 }
    if skip("SHA256") { return .sha256 }
    return skip("SHA512") ? .sha512 : nil
  }

  /// Reads 1 to `maximumDigits` (at most 3) digits and stays before a number that is not allowed.
  private mutating func number(
    maximumDigits: Int, isAllowed: (Int) -> Bool
  ) throws(OCRAError) -> Int {
    var value = 0
    var end = position
    while end < bytes.count, end - position < maximumDigits, (0x30...0x39).contains(bytes[end]) {
      value = value * 10 + Int(bytes[end] - 0x30)
      end += 1
    }
    guard end > position, isAllowed(value) else { throw malformed }
    position = end
    return value
  }
}
