import Glibc

/// What this process holds of the system.
public enum OwnProcess {
  /// What is open, as /proc shows it, sorted.
  public static var descriptors: [String] {
    // The one that reads the folder is gone by then.
    names(in: "/proc/self/fd").compactMap { target("/proc/self/fd/\($0)") }.sorted()
  }

  /// The reader processes it has started, ended ones that nobody waited for included.
  public static var drivers: [pid_t] {
    names(in: "/proc").compactMap { pid_t($0) }.filter { driverState($0) != nil }
  }

  /// The reader process that runs.
  public static var runningDriver: pid_t? {
    drivers.first { process in driverState(process).map { $0 != "Z" } ?? false }
  }

  /// By a line such as `4711 (smartotp-reader) S 4710 …` (proc(5)): the state, nil when the process
  /// is none of them.
  private static func driverState(_ process: pid_t) -> Substring? {
    guard let file = fopen("/proc/\(process)/stat", "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { return nil }
    let text = line.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let words = text.split(separator: " ")
    let isOwn = words.count > 3 && words[1] == "(smartotp-reader)" && words[3] == "\(getpid())"
    return isOwn ? words[2] : nil
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
