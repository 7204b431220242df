extension OATHCredential {
  /// A credential from `NAME=BASE32`, followed by any of `hotp`, `sha256`, `sha512`, `8`,
  /// `counter=N` and `touch`, apart by commas; nil if that is not what the text is.
  public init?(parsing text: some StringProtocol) {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    guard let head = words.first, let equals = head.firstIndex(of: "="), equals > head.startIndex,
      let key = [UInt8](base32: head[head.index(after: equals)...]), !key.isEmpty
    else { return nil }
    let name = String(head[..<equals])
    guard name.utf8.count <= 64 else { return nil }
    self.init(name: name, key: key)
    for word in words.dropFirst() where !apply(String(word)) { return nil }
  }

  private mutating func apply(_ word: String) -> Bool {
    switch word {
    case "totp": kind = .totp
    case "hotp": kind = .hotp
    case "sha1": algorithm = .sha1
    case "sha256": algorithm = .sha256
    case "sha512": algorithm = .sha512
    case "6": digits = 6
    case "7": digits = 7
    case "8": digits = 8
    case "touch": property |= 0x02
    default:
      guard word.hasPrefix("counter="), let value = UInt32(word.dropFirst(8)) else { return false }
      counter = value
    }
    return true
  }
}
