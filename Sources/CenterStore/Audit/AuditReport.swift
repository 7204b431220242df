/// What a walk along the audit chain found.
public enum AuditReport: Equatable, Sendable, CustomStringConvertible {
  case intact(records: Int64)
  /// The record of this number is not as it was written.
  case altered(number: Int64)
  /// There is no record of this number, but there are later ones.
  case missing(number: Int64)
  /// Records were taken from the end: so many there should be, so many there are.
  case cutShort(expected: Int64, found: Int64)
  /// Records after this number were not written by the centre.
  case foreign(after: Int64)

  public var isIntact: Bool {
    if case .intact = self { true } else { false }
  }

  public var description: String {
    switch self {
    case .intact(let records): "the audit chain is intact: \(records) records"
    case .altered(let number): "audit record \(number) is not as it was written"
    case .missing(let number): "audit record \(number) is missing"
    case .cutShort(let expected, let found):
      "the audit is cut short: there should be \(expected) records, and there are \(found)"
    case .foreign(let number): "audit records after \(number) were not written by the centre"
    }
  }
}
