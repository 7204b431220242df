import COpenSSL

/// The name of a certificate's subject or issuer (RFC 5280, 4.1.2.4).
///
/// Two names are equal when their encodings are. What was checked is `attributes`: compare those, not
/// `description`, with a record.
public struct DistinguishedName: Hashable, Sendable {
  /// Kinds of attribute, by their names in RFC 4519.
  public enum AttributeType: Hashable, Sendable {
    case commonName
    case country
    case organization
    case organizationalUnit
    case serialNumber
    case userID
    /// Any other kind, as a dotted object identifier.
    case other(String)
  }

  public struct Attribute: Hashable, Sendable {
    public let type: AttributeType
    public let value: String

    public init(_ type: AttributeType, _ value: String) {
      self.type = type
      self.value = value
    }
  }

  /// In the order of the encoding, the most general first.
  public let attributes: [Attribute]
  /// The DER encoding.
  public let der: [UInt8]

  /// Throws `invalidInput` without attributes, and for a value that is empty, longer than X.520
  /// allows (64 characters for most), or holds control characters; for a `country` of other than two
  /// letters; and for attributes of type `other`.
  public init(_ attributes: [Attribute]) throws(CryptographyError) {
    let name = try NativeObject(owning: X509_NAME_new(), release: X509_NAME_free, "X509_NAME_new")
    guard !attributes.isEmpty else { throw CryptographyError(.invalidInput, "DistinguishedName") }
    try name.withPointer { name throws(CryptographyError) in
      for attribute in attributes { try attribute.add(to: name) }
    }
    self.attributes = attributes
    self.der = try name.encode("i2d_X509_NAME", with: i2d_X509_NAME)
  }

  public init(
    commonName: String, organization: String? = nil, organizationalUnit: String? = nil
  ) throws(CryptographyError) {
    var attributes: [Attribute] = []
    if let organization { attributes.append(Attribute(.organization, organization)) }
    if let organizationalUnit {
      attributes.append(Attribute(.organizationalUnit, organizationalUnit))
    }
    try self.init(attributes + [Attribute(.commonName, commonName)])
  }

  /// The first value of this kind. A name may hold several: see `values(of:)`.
  public func value(of type: AttributeType) -> String? {
    attributes.first { $0.type == type }?.value
  }

  public func values(of type: AttributeType) -> [String] {
    attributes.filter { $0.type == type }.map(\.value)
  }

  public var commonName: String? { value(of: .commonName) }
  public var organization: String? { value(of: .organization) }
  public var organizationalUnit: String? { value(of: .organizationalUnit) }
}

extension DistinguishedName: CustomStringConvertible {
  /// As in RFC 4514, the most specific attribute first; but `serialNumber=` for that attribute, every
  /// unknown one as object identifier and text, and commas also within a multi-valued part.
  public var description: String {
    attributes.reversed().map { "\($0.type.shortName)=\($0.value.escaped)" }.joined(separator: ",")
  }
}

// MARK: Reading and writing through libcrypto

extension DistinguishedName {
  /// Reads a name that a certificate owns. Throws `malformed` for text that its type does not allow.
  init(reading name: OpaquePointer?) throws(CryptographyError) {
    var attributes: [Attribute] = []
    for index in 0..<X509_NAME_entry_count(name) {
      attributes.append(try Attribute(reading: X509_NAME_get_entry(name, index)))
    }
    self.attributes = attributes
    self.der = try encoded(name, "i2d_X509_NAME", with: i2d_X509_NAME)
  }

  func withNative<Result>(
    _ body: (OpaquePointer) throws(CryptographyError) -> Result
  ) throws(CryptographyError) -> Result {
    let name = try NativeObject.decode(
      der, "d2i_X509_NAME", release: X509_NAME_free, with: d2i_X509_NAME)
    return try name.withPointer(body)
  }
}

extension DistinguishedName.Attribute {
  /// A value of an unknown kind that is no text is given as `#` and its content in hexadecimal.
  fileprivate init(reading entry: OpaquePointer?) throws(CryptographyError) {
    type = DistinguishedName.AttributeType(X509_NAME_ENTRY_get_object(entry))
    let content = X509_NAME_ENTRY_get_data(entry)
    do throws(CryptographyError) {
      value = try ASN1Values.text(content)
    } catch {
      guard case .other = type else { throw error }
      value = "#" + ASN1Values.bytes(content).map(hexadecimal).joined()
    }
  }

  fileprivate func add(to name: OpaquePointer) throws(CryptographyError) {
    guard let nid = type.nid,
      value.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { throw CryptographyError(.invalidInput, "DistinguishedName") }
    let text = Array(value.utf8)
    try check(
      X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, text, CInt(clamping: text.count), -1, 0),
      "X509_NAME_add_entry_by_NID", as: .invalidInput)
  }
}

extension DistinguishedName.AttributeType {
  private static let known: [(type: Self, nid: CInt, shortName: String)] = [
    (.commonName, NID_commonName, "CN"), (.country, NID_countryName, "C"),
    (.organization, NID_organizationName, "O"),
    (.organizationalUnit, NID_organizationalUnitName, "OU"),
    (.serialNumber, NID_serialNumber, "serialNumber"), (.userID, NID_userId, "UID"),
  ]

  fileprivate init(_ object: OpaquePointer?) {
    let nid = OBJ_obj2nid(object)
    self =
      Self.known.first { $0.nid == nid }?.type ?? .other(ASN1Values.objectIdentifier(object))
  }

  fileprivate var nid: CInt? { Self.known.first { $0.type == self }?.nid }

  fileprivate var shortName: String {
    if case .other(let identifier) = self { return identifier }
    return Self.known.first { $0.type == self }?.shortName ?? ""
  }
}

extension String {
  /// RFC 4514, 2.4.
  fileprivate var escaped: String {
    let last = unicodeScalars.indices.last
    var text = ""
    for index in unicodeScalars.indices {
      let scalar = unicodeScalars[index]
      let isEdge = index == unicodeScalars.startIndex || index == last
      switch scalar {
      case "\"", "+", ",", ";", "<", ">", "\\": text += "\\\(scalar)"
      case " " where isEdge: text += "\\ "
      case "#" where index == unicodeScalars.startIndex: text += "\\#"
      case "\u{0}"..."\u{1F}", "\u{7F}": text += "\\" + hexadecimal(UInt8(scalar.value))
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

private func hexadecimal(_ octet: UInt8) -> String {
  String(octet >> 4, radix: 16) + String(octet & 0xF, radix: 16)
}
