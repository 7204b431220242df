/// An XML element with all that is in it.
struct Element {
  let name: String
  let namespace: String
  /// The names from below the root to here, joined by slashes; empty for the root.
  let path: String
  let attributes: [String: String]
  var children: [Element] = []
  /// The character data of the element itself.
  var text = ""

  func error(_ reason: PSKCError.Reason) -> PSKCError {
    PSKCError(reason, at: path.isEmpty ? nil : path)
  }

  func error(_ reason: PSKCError.Reason, atChild name: String) -> PSKCError {
    PSKCError(reason, at: path.isEmpty ? name : "\(path)/\(name)")
  }
}

extension Element {
  /// The child of this name in PSKC's own namespace, where there is one.
  func child(_ name: String) throws(PSKCError) -> Element? {
    try only(children.filter { $0.name == name && $0.namespace == Namespace.pskc })
  }

  /// The same in whatever namespace: those of XML Encryption's elements vary from sender to sender.
  func foreignChild(_ name: String) throws(PSKCError) -> Element? {
    try only(children.filter { $0.name == name })
  }

  func requiredChild(_ name: String) throws(PSKCError) -> Element {
    guard let child = try child(name) else { throw error(.missingElement, atChild: name) }
    return child
  }

  func requiredForeignChild(_ name: String) throws(PSKCError) -> Element {
    guard let child = try foreignChild(name) else { throw error(.missingElement, atChild: name) }
    return child
  }

  /// Refuses elements in PSKC's own namespace that RFC 6030's schema does not have here: passing over
  /// a misspelled one could lose a restriction. Extensions may be passed over.
  func allowChildren(_ names: Set<String>) throws(PSKCError) {
    for child in children where child.namespace == Namespace.pskc {
      guard names.contains(child.name) || child.name == "Extensions" else {
        throw child.error(.unexpectedElement)
      }
    }
  }

  private func only(_ candidates: [Element]) throws(PSKCError) -> Element? {
    if candidates.count > 1 { throw candidates[1].error(.repeatedElement) }
    return candidates.first
  }
}

extension Element {
  /// The text without the white space around it.
  func value() throws(PSKCError) -> String {
    if let child = children.first { throw child.error(.unexpectedElement) }
    return text.trimmed
  }

  /// The text of a child, nil where the child is missing or empty.
  func childValue(_ name: String) throws(PSKCError) -> String? {
    guard let value = try child(name)?.value(), !value.isEmpty else { return nil }
    return value
  }

  func integer<Integer: FixedWidthInteger>(
    _ type: Integer.Type = Integer.self
  ) throws(PSKCError) -> Integer {
    guard let number = Integer(try value()) else { throw error(.invalidValue) }
    return number
  }

  func childDate(_ name: String) throws(PSKCError) -> Int64? {
    guard let child = try child(name) else { return nil }
    guard let seconds = DateTime.seconds(try child.value()) else {
      throw child.error(.invalidValue)
    }
    return seconds
  }

  func bytes() throws(PSKCError) -> [UInt8] {
    guard let bytes = Base64.decode(try value()) else { throw error(.invalidValue) }
    return bytes.withUnsafeBytes { Array($0) }
  }

  func attribute(_ name: String) throws(PSKCError) -> String {
    guard let value = attributes[name]?.trimmed, !value.isEmpty else {
      throw error(.missingAttribute(name))
    }
    return value
  }

  func unsignedAttribute(_ name: String) throws(PSKCError) -> UInt32 {
    guard let number = UInt32(try attribute(name)) else { throw error(.invalidAttribute(name)) }
    return number
  }

  /// False where the attribute is missing.
  func flagAttribute(_ name: String) throws(PSKCError) -> Bool {
    switch attributes[name]?.trimmed {
    case nil, "false", "0": return false
    case "true", "1": return true
    default: throw error(.invalidAttribute(name))
    }
  }
}

extension String {
  /// Without XML's white space at its ends.
  var trimmed: String {
    let isSpace: (Unicode.Scalar) -> Bool = { " \t\r\n".unicodeScalars.contains($0) }
    guard let first = unicodeScalars.firstIndex(where: { !isSpace($0) }),
      let last = unicodeScalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(unicodeScalars[first...last])
  }
}
