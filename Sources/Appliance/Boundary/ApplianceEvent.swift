import SmartOTP

/// Something that happened, as the branch's software and the technician's page are told. No secrets.
public struct ApplianceEvent: Hashable, Sendable, Codable {
  public enum Kind: String, CaseIterable, Sendable, Codable {
    case phase
    case notice
    case card
    case reader
    case center
    case display
    case trouble
  }

  /// Rises by one with each event of this start.
  public let id: Int64
  public let time: UnixTime
  public let kind: Kind
  /// What it is now: of a phase its name, of a notice its key, otherwise a word such as `lost`.
  public let value: String
  public let transaction: TransactionID?
  /// For people, in English, one line.
  public let text: String

  public init(
    id: Int64, time: UnixTime, kind: Kind, value: String, transaction: TransactionID? = nil,
    text: String
  ) {
    self.id = id
    self.time = time
    self.kind = kind
    self.value = value
    self.transaction = transaction
    self.text = text
  }
}
