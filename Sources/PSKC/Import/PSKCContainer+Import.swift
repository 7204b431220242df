extension PSKCContainer {
  /// Reads a container of version 1.0 (RFC 6030): all of it, or the first fault and nothing.
  ///
  /// Opens plain containers, and those with AES-CBC under a pre-shared key or a passphrase (PBKDF2)
  /// with HMAC-SHA-1, -256 or -512. Signatures are not checked (`carriesUncheckedSignature`).
  ///
  /// The secrets of a plain container pass through the memory of the XML parser, which is not wiped.
  public init(
    xml: [UInt8], unlocking: PSKCUnlocking = .none, limits: PSKCLimits = PSKCLimits()
  ) throws(PSKCError) {
    let reader = ContainerReader(unlocking, limits: limits, keepsGoing: false)
    self = try ElementReader.read(xml, limits: limits, with: reader).container
  }

  /// Reads what is right, and says of each other key package why it was left out.
  ///
  /// Throws where the fault is that of the whole file: not well-formed, cut off, the wrong key.
  public static func salvage(
    xml: [UInt8], unlocking: PSKCUnlocking = .none, limits: PSKCLimits = PSKCLimits()
  ) throws(PSKCError) -> PSKCSalvage {
    let start = ContainerReader(unlocking, limits: limits, keepsGoing: true)
    let reader = try ElementReader.read(xml, limits: limits, with: start)
    return PSKCSalvage(container: reader.container, faults: reader.faults)
  }

  /// What the file asks for before it shows its secrets, from its first elements. A file that encrypts
  /// its values and says nothing of the key looks like a plain one until it is read.
  public static func lock(
    of xml: [UInt8], limits: PSKCLimits = PSKCLimits()
  ) throws(PSKCError) -> PSKCLock {
    try ElementReader.read(xml, limits: limits, with: LockReader(limits: limits)).lock
  }
}

/// Reads no further than `EncryptionKey`.
private struct LockReader: ElementHandler {
  let limits: PSKCLimits
  private(set) var lock = PSKCLock.none

  init(limits: PSKCLimits) {
    self.limits = limits
  }

  mutating func open(_ root: Element) throws(PSKCError) {
    _ = try ContainerReader.id(of: root)
  }

  mutating func take(_ child: Element) throws(PSKCError) -> Bool {
    if child.name == "EncryptionKey", child.namespace == Namespace.pskc {
      lock = try KeyRequirement(child, limits: limits).lock
    }
    return false
  }
}
