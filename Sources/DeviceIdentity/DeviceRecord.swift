import SmartOTP

/// What a device knows of its registration.
public struct DeviceRecord: Hashable, Sendable {
  public var id: DeviceID
  public var name: String
  /// The institution whose code it was registered with.
  public var institution: InstitutionCode
  /// `https://host:port`.
  public var center: String
  public var certificateExpiresAt: UnixTime
  /// What the hardware was known by then.
  public var board: Hardware.Board

  /// A certificate is renewed when less than this is left of it (protocol.md, section 2).
  public static let renewalSeconds: Int64 = 30 * 86_400

  public func needsRenewal(at now: UnixTime) -> Bool {
    now + Self.renewalSeconds >= certificateExpiresAt
  }

  public init(device: Device, center: String, board: Hardware.Board) {
    id = device.id
    name = device.name
    institution = device.institution
    self.center = center
    certificateExpiresAt = device.certificateExpiresAt
    self.board = board
  }
}

extension DeviceRecord {
  init?(_ record: StateRecord) {
    guard let id = record["id"].flatMap({ try? DeviceID($0) }), let name = record["name"],
      let institution = record["institution"].flatMap({ try? InstitutionCode($0) }),
      let center = record["center"],
      let expiry = record["certificate-expires-at"].flatMap({ Int64($0) }),
      let board = record["board"].flatMap(Hardware.Board.init(rawValue:))
    else { return nil }
    self.id = id
    self.name = name
    self.institution = institution
    self.center = center
    self.board = board
    certificateExpiresAt = UnixTime(expiry)
  }

  var record: StateRecord {
    var record = StateRecord()
    record["id"] = id.text
    record["name"] = name
    record["institution"] = institution.text
    record["center"] = center
    record["certificate-expires-at"] = String(certificateExpiresAt.seconds)
    record["board"] = board.rawValue
    return record
  }
}
