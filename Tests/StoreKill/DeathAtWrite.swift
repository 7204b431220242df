import GRDBSQLite
import Glibc
import Synchronization

/// Makes SQLite's next writes count down to the end of this process, which then dies in the middle
/// of a write, as by `kill -9`.
enum DeathAtWrite {
  private static let writesLeft = Atomic(Int64.max)
  /// How many writes there were.
  static let count = Atomic(Int64(0))

  /// - Parameter number: the write in which the process dies, counted from 1; half of it is done.
  static func install(at number: Int64) {
    writesLeft.store(number, ordering: .relaxed)
    guard let vfs = sqlite3_vfs_find(nil), let setSystemCall = vfs.pointee.xSetSystemCall else {
      return
    }
    for name in ["pwrite", "pwrite64"] {
      _ = setSystemCall(vfs, name, unsafeBitCast(countedWrite, to: sqlite3_syscall_ptr.self))
    }
  }

  private typealias Write = @convention(c) (Int32, UnsafeRawPointer?, Int, Int) -> Int

  private static let countedWrite: Write = { file, bytes, byteCount, offset in
    DeathAtWrite.count.add(1, ordering: .relaxed)
    if DeathAtWrite.writesLeft.subtract(1, ordering: .relaxed).newValue == 0 {
      _ = pwrite(file, bytes, byteCount / 2, offset)
      kill(getpid(), SIGKILL)
    }
    return pwrite(file, bytes, byteCount, offset)
  }
}
