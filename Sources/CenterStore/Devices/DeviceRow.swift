import GRDB
import SmartOTP

struct DeviceRow {
  let number: Int64
  let device: Device

  var auditSubject: String { "device:\(device.id)" }

  static let columns =
    "number, id, name, state, institution, registered_at, certificate_expires_at"

  init(columns row: Columns) throws {
    number = row.integer(0)
    device = Device(
      id: try row.checked(1), name: row.text(2), state: try row.word(3),
      institution: try row.checked(4), registeredAt: row.time(5),
      certificateExpiresAt: row.time(6))
  }
}

extension Database {
  func device(_ id: DeviceID) throws -> DeviceRow? {
    try first(
      "SELECT \(DeviceRow.columns) FROM devices WHERE id = ?", .text(id.text),
      read: DeviceRow.init(columns:))
  }

  /// The number of a device that is neither revoked nor replaced.
  func activeDevice(_ id: DeviceID) throws -> Int64 {
    let row = try first(
      "SELECT number, state FROM devices WHERE id = ?", .text(id.text)
    ) { (number: $0.integer(0), state: try $0.word(1) as Device.State) }
    guard let row else { throw Refusal(.deviceUnknown) }
    guard row.state == .active else { throw Refusal(.deviceRevoked) }
    return row.number
  }
}

extension UnitOfWork {
  func requireDevice(_ id: DeviceID) throws -> DeviceRow {
    guard let row = try database.device(id) else { throw Refusal(.deviceUnknown) }
    return row
  }
}
