/// Reads a `KeyContainer`, one child after the other, in the order that RFC 6030's schema has.
struct ContainerReader: ElementHandler {
  private(set) var container = PSKCContainer(keys: [])
  private(set) var faults: [PSKCError] = []

  private let unlocking: PSKCUnlocking
  private let limits: PSKCLimits
  /// Whether a faulty package is noted and left out, instead of ending it all.
  private let keepsGoing: Bool
  private var opener: Opener
  private var position = Position.start
  private var packageCount = 0

  /// How far into the container it is.
  private enum Position: Int, Comparable {
    case start, encryptionKey, macMethod, packages, signature

    static func < (left: Position, right: Position) -> Bool { left.rawValue < right.rawValue }
  }

  init(_ unlocking: PSKCUnlocking, limits: PSKCLimits, keepsGoing: Bool) {
    self.unlocking = unlocking
    self.limits = limits
    self.keepsGoing = keepsGoing
    opener = Opener(unlocking)
  }

  /// The container's own name. Throws where it is no container of version 1.0.
  static func id(of root: Element) throws(PSKCError) -> String? {
    guard root.name == "KeyContainer", root.namespace == Namespace.pskc else {
      throw root.error(.notAKeyContainer)
    }
    let version = try root.attribute("Version")
    guard version == "1.0" else { throw root.error(.unsupportedVersion(version)) }
    return root.attributes["Id"]
  }

  mutating func open(_ root: Element) throws(PSKCError) {
    container.id = try Self.id(of: root)
  }

  mutating func take(_ child: Element) throws(PSKCError) -> Bool {
    switch (child.namespace, child.name) {
    case (Namespace.pskc, "EncryptionKey"):
      try advance(to: .encryptionKey, child)
      opener = try Opener(KeyRequirement(child, limits: limits), unlocking)
    case (Namespace.pskc, "MACMethod"):
      try advance(to: .macMethod, child)
      try opener.readMACMethod(child)
    case (Namespace.pskc, "KeyPackage"):
      if position != .packages { try advance(to: .packages, child) }
      try takePackage(child)
    // Printed in RFC 6030 in PSKC's own namespace, which its errata correct.
    case (Namespace.xmlSignature, "Signature"), (Namespace.pskc, "Signature"):
      try advance(to: .signature, child)
      container.carriesUncheckedSignature = true
    case (Namespace.pskc, "Extensions"):
      break
    case (Namespace.pskc, _):
      throw child.error(.unexpectedElement)
    default:
      break
    }
    return true
  }

  private mutating func advance(to next: Position, _ child: Element) throws(PSKCError) {
    guard position < next else {
      throw child.error(position == next ? .repeatedElement : .unexpectedElement)
    }
    position = next
  }

  private mutating func takePackage(_ element: Element) throws(PSKCError) {
    packageCount += 1
    guard packageCount <= limits.keyCount else {
      throw element.error(.tooManyKeys(maximum: limits.keyCount))
    }
    do {
      container.keys.append(try KeyPackageReader(opener, unlocking).key(element))
    } catch {
      let fault = error.within(Self.package(element, number: packageCount))
      if !keepsGoing { throw fault }
      faults.append(fault)
    }
  }

  private static func package(_ element: Element, number: Int) -> PSKCError.Package {
    let device = element.children.first { $0.name == "DeviceInfo" }
    let serialNumber = device?.children.first { $0.name == "SerialNo" }?.text.trimmed
    let key = element.children.first { $0.name == "Key" }
    return PSKCError.Package(
      number: number, serialNumber: serialNumber, keyID: key?.attributes["Id"])
  }
}
