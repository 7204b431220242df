import SmartCard

extension Activation {
  /// The card behind the chip's bytes, decoded by the standard and not by the chip's library.
  ///
  public init(_ target: PassiveTarget) throws(ActivationError) {
    switch target {
    case .typeA(let atqa, let sak, let uid, let ats):
      self = .typeA(
        TypeAActivation(
          atqa: ATQA(rawValue: atqa), sak: SAK(rawValue: sak),
          uid: try UID(uid), ats: try Self.ats(ats)))
    case .typeB(let atqb, let attribute):
      self = .typeB(TypeBActivation(atqb: try ATQB(parsing: atqb), attribResponse: attribute))
    }
  }

  private static func ats(_ bytes: [UInt8]?) throws(ActivationError) -> ATS? {
    guard let bytes else { return nil }
    return try ATS(parsing: bytes)
  }
}
