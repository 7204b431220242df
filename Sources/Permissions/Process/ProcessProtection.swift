import CLinux
import Cryptography
import Glibc

/// What a program with secrets does to itself before it has any.
public enum ProcessProtection {
  /// No core dump, no other program of the same user at its memory, no new privileges for it and what
  /// it starts, secrets in memory that is not swapped.
  ///
  /// To be called on the main thread before others are started, since a thread's privileges are its
  /// own and its children's. Afterwards most of `/proc/self` is root's, so what is needed of it is read
  /// before.
  ///
  /// - Returns: what could not be done, a line each.
  public static func apply() -> [String] {
    var warnings: [String] = []
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    if setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) != 0
      || linux_forbid_dumps() != 0
    {
      warnings.append("core dumps cannot be switched off: a crash may leave secrets on the disk")
    }
    if linux_give_up_new_privileges() != 0 {
      warnings.append("the right to gain privileges cannot be given up")
    }
    if !LockedMemory.reserve() {
      warnings.append(
        "secrets cannot be locked in memory and may be swapped to the disk; allow it with"
          + " LimitMEMLOCK=128K in the service's unit, in a container the system calls of @memlock")
    }
    return warnings
  }
}
