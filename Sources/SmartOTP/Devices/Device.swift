/// A reader appliance that a customer or branch registered.
public struct Device: Hashable, Sendable, Codable {
  public enum State: String, CaseIterable, Sendable, Codable {
    case active
    /// Lost or withdrawn: its certificate is revoked.
    case revoked
    /// The same hardware registered again (S5).
    case replaced
  }

  public let id: DeviceID
  public var name: String
  public var state: State
  /// The institution whose code it was registered with.
  public let institution: InstitutionCode
  public let registeredAt: UnixTime
  public var certificateExpiresAt: UnixTime

  public init(
    id: DeviceID, name: String, state: State, institution: InstitutionCode,
    registeredAt: UnixTime, certificateExpiresAt: UnixTime
  ) {
    self.id = id
    self.name = name
    self.state = state
    self.institution = institution
    self.registeredAt = registeredAt
    self.certificateExpiresAt = certificateExpiresAt
  }
}

/// Who speaks to the centre, as the client certificate says.
public enum Role: String, CaseIterable, Sendable, Codable {
  case institution
  case device
  case `operator`
}
