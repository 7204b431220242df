import Foundation

/// A file that goes with its last reference.
final class TemporaryFile: Sendable {
  let path: String

  /// - Parameter text: nil makes no file, only a name for one.
  init(_ text: String? = nil) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "smartotp-\(UUID())").path
    try text?.write(toFile: path, atomically: true, encoding: .utf8)
  }

  convenience init(bytes: [UInt8]) throws {
    try self.init()
    try Data(bytes).write(to: URL(filePath: path))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var bytes: [UInt8] { get throws { Array(try Data(contentsOf: URL(filePath: path))) } }

  /// Permission bits.
  var mode: Int? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
  }
}
