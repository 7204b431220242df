import Glibc

/// Whether standard error goes to the journal (systemd.exec(5), `JOURNAL_STREAM`).
enum JournalStream {
  static func carries(_ descriptor: Int32, environment: ServiceEnvironment.Lookup) -> Bool {
    let numbers = (environment("JOURNAL_STREAM") ?? "").split(separator: ":")
    guard numbers.count == 2, let device = UInt64(numbers[0]), let inode = UInt64(numbers[1])
    else { return false }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return false }
    return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
  }
}
