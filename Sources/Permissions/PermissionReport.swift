import Appliance

/// What the checks found.
public struct PermissionReport: Hashable, Sendable {
  /// What keeps the appliance from making codes (S11); empty when nothing does.
  public var impediments: [Impediment]
  /// What the technician should know, a line each; the service goes on.
  public var warnings: [String]

  public init(impediments: [Impediment] = [], warnings: [String] = []) {
    self.impediments = impediments
    self.warnings = warnings
  }

  static let clean = PermissionReport()

  static func restricted(
    _ restriction: Restriction, _ finding: String, fix: String
  ) -> PermissionReport {
    PermissionReport(impediments: [Impediment(restriction, finding: finding, fix: fix)])
  }

  static func warning(_ text: String) -> PermissionReport { PermissionReport(warnings: [text]) }

  public static func + (one: PermissionReport, other: PermissionReport) -> PermissionReport {
    PermissionReport(
      impediments: one.impediments + other.impediments, warnings: one.warnings + other.warnings)
  }

  static func joined(_ reports: [PermissionReport]) -> PermissionReport {
    reports.reduce(.clean, +)
  }
}
