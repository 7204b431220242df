extension PSKCError: CustomStringConvertible {
  /// One line in printable ASCII: where, then what.
  public var description: String {
    let parts = [package?.description, element.map { printable($0, 200) }, reason.description]
    return parts.compactMap(\.self).joined(separator: ": ")
  }
}

extension PSKCError.Package: CustomStringConvertible {
  public var description: String {
    var text = "key package \(number)"
    if let serialNumber { text += ", serial number \(quoted(serialNumber))" }
    if let keyID, keyID != serialNumber { text += ", key \(quoted(keyID))" }
    return text
  }
}

extension PSKCError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooManyBytes(let maximum): "the file has more than \(maximum) bytes"
    case .tooManyKeys(let maximum): "the file has more than \(maximum) key packages"
    case .tooManyElements(let maximum): "more than \(maximum) elements"
    case .tooDeep(let maximum): "elements are nested more than \(maximum) deep"
    case .tagTooLong(let maximum): "a tag has more than \(maximum) bytes"
    case .notUTF8: "the file is not in UTF-8"
    case .documentTypeDeclaration: "the file has a DOCTYPE, which no key container needs"
    case .processingInstruction:
      "the file has a processing instruction, which no key container needs"
    case .malformed(let line): "not well-formed XML at line \(line)"
    case .truncated: "the file ends too early"
    case .notAKeyContainer: "the file is not a PSKC key container (RFC 6030)"
    case .unsupportedVersion(let version): "unsupported version \(quoted(version))"
    case .missingElement: "the element is missing"
    case .unexpectedElement: "the element does not belong here"
    case .repeatedElement: "the element is there more than once"
    case .missingAttribute(let name): "attribute \(quoted(name)) is missing"
    case .invalidAttribute(let name): "attribute \(quoted(name)) is invalid"
    case .invalidValue: "the value is invalid"
    case .unsupportedAlgorithm(let name): "unsupported algorithm \(quoted(name))"
    case .unsupportedSuite(let suite): "unsupported suite \(quoted(suite))"
    case .unsupportedFormat: "unsupported format of codes or challenges"
    case .secretByReference: "the secret is not in the file but derived from a master key"
    case .policyNotUnderstood(let parts):
      "the policy is not understood, so the key must not be used: "
        + parts.map(quoted).joined(separator: ", ")
    case .locked(let lock): "the file is encrypted and asks for \(lock.request)"
    case .unprotected: "the secret lies open in a file that should be encrypted"
    case .keySize(let expected): "the key should have \(expected) bytes"
    case .wrongKey: "wrong key or passphrase"
    case .macMissing: "the MAC is missing"
    case .macMismatch: "the MAC does not match: the value was changed, or the key is wrong"
    case .undecryptable: "the value does not decrypt"
    case .iterations(let count): "\(count) rounds of PBKDF2 are out of range"
    case .cryptography(let error): error.description
    case .notExpressible: "the value has no place in a PSKC file"
    }
  }
}

extension PSKCLock {
  fileprivate var request: String {
    switch self {
    case .none: "nothing"
    case .preSharedKey(nil): "a key"
    case .preSharedKey(let name?): "the key \(quoted(name))"
    case .passphrase(nil): "a passphrase"
    case .passphrase(let name?): "the passphrase \(quoted(name))"
    }
  }
}

private func quoted(_ text: String) -> String {
  "\"\(printable(text, 80))\""
}

/// What a file said, safe for a terminal: printable ASCII, not more than `count` of its characters.
private func printable(_ text: String, _ count: Int) -> String {
  let shown = text.unicodeScalars.prefix(count).map { $0.escaped(asASCII: true) }.joined()
  return text.unicodeScalars.count > count ? shown + "..." : shown
}
