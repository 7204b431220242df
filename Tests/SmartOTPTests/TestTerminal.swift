import Glibc

/// A terminal as a person's window has one: it echoes, gathers lines, and makes signals of keys.
struct TestTerminal {
  let master: Int32
  let slave: Int32
  let path: String

  /// POSIX_SPAWN_SETSID, which <spawn.h> shows to GNU programs only.
  static let newSession: Int32 = 0x80

  init() throws {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var name = [CChar](repeating: 0, count: 128)
    guard openpty(&master, &slave, &name, nil, nil) == 0 else {
      throw RunningProgram.Failure(errno: errno)
    }
    for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    (self.master, self.slave) = (master, slave)
    path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
