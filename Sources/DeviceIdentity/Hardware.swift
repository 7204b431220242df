import Cryptography
import Glibc

/// The machine as its hardware identifies it: by systemd's machine id and the board's serial number
/// (protocol.md, section 2).
public struct Hardware: Sendable {
  /// What the board is known by.
  public enum Board: String, CaseIterable, Sendable {
    case deviceTree = "device-tree"
    case productUUID = "dmi-product-uuid"
    case boardSerial = "dmi-board-serial"
    /// No serial number can be read: the machine id alone must do.
    case none

    var path: String? {
      switch self {
      case .deviceTree: "/proc/device-tree/serial-number"
      case .productUUID: "/sys/class/dmi/id/product_uuid"
      case .boardSerial: "/sys/class/dmi/id/board_serial"
      case .none: nil
      }
    }
  }

  private static let machineIDPath = "/etc/machine-id"
  /// Nobody's serial numbers, from boards whose maker did not set one.
  private static let placeholders = [
    "none", "default string", "to be filled by o.e.m.", "not specified", "system serial number",
    "0", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "03000200-0400-0500-0006-000700080009",
  ]

  private let root: String

  /// - Parameter root: a directory that stands for `/`.
  public init(root: String = "") { self.root = root }

  /// The best board number that this user can read.
  public func board() -> Board {
    Board.allCases.first { $0 != .none && serial(of: $0) != nil } ?? .none
  }

  /// SHA-256 over salt, machine id and the board's number.
  ///
  /// - Throws: `noMachineID`; `otherHardware` where there is no such number, `hardwareUnreadable`
  ///   where it is hidden from this user.
  public func fingerprint(
    salt: [UInt8], board: Board
  ) throws(DeviceIdentityError) -> SecretBytes {
    let machine = try machineID()
    var number: [UInt8] = []
    if let path = board.path {
      guard let serial = serial(of: board) else {
        throw access(root + path, F_OK) == 0 && access(root + path, R_OK) != 0
          ? .hardwareUnreadable(path) : .otherHardware
      }
      number = serial
    }
    do {
      var digest = try sha256(salt + machine + number)
      return SecretBytes(wiping: &digest)
    } catch { throw .cryptography(error) }
  }

  private func machineID() throws(DeviceIdentityError) -> [UInt8] {
    guard let bytes = Self.read(root + Self.machineIDPath), bytes.count == 32,
      bytes.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { throw .noMachineID(Self.machineIDPath) }
    return bytes
  }

  private func serial(of board: Board) -> [UInt8]? {
    guard let path = board.path, let bytes = Self.read(root + path), bytes.count >= 4,
      !Self.placeholders.contains(String(decoding: bytes, as: UTF8.self).lowercased())
    else { return nil }
    return bytes
  }

  /// At most 256 bytes, without blanks and NULs around them.
  private static func read(_ path: String) -> [UInt8]? {
    guard let bytes = SystemFile.firstBytes(of: path, count: 256) else { return nil }
    let isBlank: (UInt8) -> Bool = { $0 <= 0x20 }
    let trimmed = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    return Array(trimmed)
  }
}
