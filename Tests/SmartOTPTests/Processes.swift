import Foundation
import Glibc

/// What the system knows of running processes.
enum Processes {
  /// The processes that have a file open, this one not counted.
  static func holding(_ path: String) -> [pid_t] {
    names(in: "/proc").compactMap { pid_t($0) }.filter { process in
      process != getpid()
        && names(in: "/proc/\(process)/fd").contains {
          target("/proc/\(process)/fd/\($0)") == path
        }
    }
  }

  /// Waits until nobody holds a file any more; false when somebody still does after five seconds.
  static func areGone(from path: String) async throws -> Bool {
    for _ in 0..<500 {
      if holding(path).isEmpty { return true }
      try await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  /// Whether a process has a handler for a signal.
  static func isCatching(_ process: pid_t, signal: Int32) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let mask = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
    let bits = mask.flatMap { UInt64($0.dropFirst(7).filter(\.isHexDigit), radix: 16) } ?? 0
    return bits >> UInt64(signal - 1) & 1 == 1
  }

  private static func target(_ link: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let base = buffer.baseAddress else { return nil }
      let count = readlink(link, base, buffer.count)
      guard count > 0 else { return nil }
      return String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
    }
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }
}
