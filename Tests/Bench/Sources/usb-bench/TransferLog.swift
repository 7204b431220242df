import Foundation
import USBBench

/// Writes transfers as lines: seconds, reader, number, pipe, milliseconds taken, status, bytes.
final class TransferLog: Sendable {
  private let file: FileHandle
  private let start = ContinuousClock.now

  init(_ path: String) throws {
    if path == "-" {
      file = .standardError
    } else {
      guard FileManager.default.createFile(atPath: path, contents: nil) else {
        throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: path])
      }
      file = try FileHandle(forWritingTo: URL(filePath: path))
    }
  }

  func write(_ record: TransferRecord, of model: ReaderModel) {
    let words = [
      Self.milliseconds(start.duration(to: .now)), model.rawValue, "\(record.index)",
      record.pipe.rawValue, Self.milliseconds(record.ended - record.submitted),
      "\(record.status)", record.bytes.map { String(format: "%02x", $0) }.joined(),
    ]
    try? file.write(contentsOf: Data((words.joined(separator: " ") + "\n").utf8))
  }

  private static func milliseconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return String(format: "%.3f", Double(seconds) * 1e3 + Double(attoseconds) / 1e15)
  }
}
