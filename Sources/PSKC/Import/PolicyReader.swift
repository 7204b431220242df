/// Reads a `Policy`, and refuses one in which anything is not understood: the lack of understanding
/// must not turn into a permission (RFC 6030, 5).
enum PolicyReader {
  private static let elements: Set<String> = [
    "StartDate", "ExpiryDate", "PINPolicy", "KeyUsage", "NumberOfTransactions",
  ]
  private static let pinAttributes: Set<String> = [
    "PINKeyId", "PINUsageMode", "MaxFailedAttempts", "MinLength", "MaxLength", "PINEncoding",
  ]

  static func policy(_ element: Element?) throws(PSKCError) -> PSKCPolicy {
    guard let element else { return PSKCPolicy() }
    var unknown = element.children
      .filter { $0.namespace != Namespace.pskc || !elements.contains($0.name) }.map(\.name)
    unknown += element.attributes.keys.sorted()
    let usages = try usages(in: element, unknown: &unknown)
    let pin = try pinPolicy(try element.child("PINPolicy"), unknown: &unknown)
    guard unknown.isEmpty else { throw element.error(.policyNotUnderstood(unknown)) }
    return PSKCPolicy(
      startDate: try element.childDate("StartDate"),
      expiryDate: try element.childDate("ExpiryDate"), pin: pin, usages: usages,
      numberOfTransactions: try element.child("NumberOfTransactions")?.integer(UInt64.self))
  }

  private static func usages(
    in element: Element, unknown: inout [String]
  ) throws(PSKCError) -> [PSKCPolicy.Usage] {
    var usages: [PSKCPolicy.Usage] = []
    for child in element.children where child.name == "KeyUsage" {
      let name = try child.value()
      if let usage = PSKCPolicy.Usage(rawValue: name) {
        usages.append(usage)
      } else {
        unknown.append(name)
      }
    }
    return usages
  }

  private static func pinPolicy(
    _ element: Element?, unknown: inout [String]
  ) throws(PSKCError) -> PSKCPINPolicy? {
    guard let element else { return nil }
    unknown += element.children.map(\.name)
    unknown += element.attributes.keys.filter { !pinAttributes.contains($0) }.sorted()
    return PSKCPINPolicy(
      keyID: element.attributes["PINKeyId"],
      usageMode: named("PINUsageMode", in: element, unknown: &unknown),
      maximumFailedAttempts: try number("MaxFailedAttempts", in: element),
      minimumLength: try number("MinLength", in: element),
      maximumLength: try number("MaxLength", in: element),
      encoding: named("PINEncoding", in: element, unknown: &unknown))
  }

  private static func named<Value: RawRepresentable<String>>(
    _ name: String, in element: Element, unknown: inout [String]
  ) -> Value? {
    guard let text = element.attributes[name] else { return nil }
    let value = Value(rawValue: text)
    if value == nil { unknown.append(text) }
    return value
  }

  private static func number(_ name: String, in element: Element) throws(PSKCError) -> UInt32? {
    element.attributes[name] == nil ? nil : try element.unsignedAttribute(name)
  }
}
