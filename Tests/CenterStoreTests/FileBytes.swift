import Foundation

enum FileBytes {
  static func read(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }
}

extension Data {
  func contains(_ bytes: [UInt8]) -> Bool { range(of: Data(bytes)) != nil }
}
