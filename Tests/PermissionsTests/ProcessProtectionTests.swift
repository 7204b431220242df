import Cryptography
import Glibc
import Permissions
import Testing

@Suite("The process protects itself")
struct ProcessProtectionTests {
  /// prctl(PR_GET_DUMPABLE), which Swift cannot call by its name.
  private static func dumpable() -> Int32? {
    typealias Call = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    guard let symbol = dlsym(nil, "prctl") else { return nil }
    return unsafeBitCast(symbol, to: Call.self)(3, 0, 0, 0, 0)
  }

  // In a process of its own: there is no way back.
  @Test("No dump, no new privileges, secrets locked")
  func apply() async {
    await #expect(processExitsWith: .success) {
      let warnings = ProcessProtection.apply()
      precondition(warnings.isEmpty, "\(warnings)")
      var limit = rlimit()
      precondition(getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0)
      precondition(limit.rlim_cur == 0 && limit.rlim_max == 0)
      precondition(Self.dumpable() == 0)
      precondition(LockedMemory.isReserved)
      guard let file = fopen("/proc/thread-self/status", "r") else { preconditionFailure() }
      var text = [UInt8](repeating: 0, count: 8192)
      let count = fread(&text, 1, text.count, file)
      precondition(
        String(decoding: text.prefix(count), as: UTF8.self).contains("NoNewPrivs:\t1"))
    }
  }

  @Test("What the system refuses is said, and nothing else stops")
  func refused() async {
    await #expect(processExitsWith: .success) {
      var none = rlimit(rlim_cur: 0, rlim_max: 0)
      precondition(setrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &none) == 0)
      if geteuid() == 0 { precondition(setuid(65_534) == 0) }
      let warnings = ProcessProtection.apply()
      precondition(warnings.count == 1)
      precondition(warnings.first?.contains("LimitMEMLOCK=") == true)
      precondition(Self.dumpable() == 0)
    }
  }
}
