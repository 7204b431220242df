import Glibc

/// Where this program and those that came with it are.
enum ExecutablePath {
  static var own: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      let count = readlink("/proc/self/exe", base, buffer.count)
      guard count > 0 else { return "" }
      return String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
    }
  }

  /// A program that came with this one: beside it, or in the folders of an installation.
  static func sibling(_ name: String, of executable: String) -> String? {
    let folder = executable.lastIndex(of: "/").map { String(executable[..<$0]) } ?? "."
    let candidates = [folder, "\(folder)/../bin", "\(folder)/../libexec/smartotp", "/usr/bin"]
    return candidates.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}
