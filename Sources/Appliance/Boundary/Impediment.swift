/// What keeps the appliance from making codes (S11), and how to mend it.
public struct Impediment: Hashable, Sendable, Codable {
  public let restriction: Restriction
  /// What was found, such as the path and its mode.
  public let finding: String
  /// What to do, as a command where there is one.
  public let fix: String

  public init(_ restriction: Restriction, finding: String, fix: String) {
    self.restriction = restriction
    self.finding = finding
    self.fix = fix
  }
}

extension Restriction: Codable {}
