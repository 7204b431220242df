import Foundation
import Simulation
import SmartCard

/// Writes frames as lines: seconds, direction, number, kind, bytes.
final class FrameLog: Sendable {
  private let file: FileHandle

  init(_ path: String) throws {
    if path == "-" {
      file = .standardOutput
    } else {
      guard FileManager.default.createFile(atPath: path, contents: nil) else {
        throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: path])
      }
      file = try FileHandle(forWritingTo: URL(filePath: path))
    }
  }

  func write(_ frame: FrameRecord) {
    let (seconds, attoseconds) = frame.time.components
    let arrow = frame.direction == .toChip ? ">" : "<"
    let damage = frame.isDamaged ? " damaged" : ""
    let time = String(format: "%ld.%06ld", seconds, attoseconds / 1_000_000_000_000)
    let line =
      "\(time) \(arrow) \(frame.index) \(frame.kind.rawValue) \(Hexadecimal.text(frame.bytes).lowercased())\(damage)\n"
    try? file.write(contentsOf: Data(line.utf8))
  }
}
