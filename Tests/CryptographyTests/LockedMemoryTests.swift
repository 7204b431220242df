import Cryptography
import Glibc
import Testing

/// What `/proc/self/status` says of locked pages, in kB.
private func lockedKilobytes() -> Int? {
  guard let file = fopen("/proc/self/status", "r") else { return nil }
  defer { fclose(file) }
  var text = [UInt8](repeating: 0, count: 8192)
  let count = fread(&text, 1, text.count, file)
  let line = String(decoding: text.prefix(count), as: UTF8.self).split(separator: "\n").first {
    $0.hasPrefix("VmLck:")
  }
  return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
}

// Each test runs in a process of its own: the memory is reserved once in a program's life.
@Suite("Locked memory")
struct LockedMemoryTests {
  @Test("Secrets and private keys live in locked memory, and give it back")
  func secretsAreLocked() async {
    await #expect(processExitsWith: .success) {
      precondition(lockedKilobytes() == 0)
      precondition(LockedMemory.reserve() && LockedMemory.isReserved)
      precondition(lockedKilobytes() == 128)
      precondition(LockedMemory.usedByteCount == 0)
      guard let key = try? P256.PrivateKey.generate() else { preconditionFailure("no key") }
      // libcrypto's own: the key, and what its generator for private values stands on.
      let own = LockedMemory.usedByteCount
      precondition(own > 0)
      do {
        let secret = SecretBytes(Array("0123456789abcdef".utf8))
        precondition(LockedMemory.usedByteCount == own + 16)
        precondition(secret.withUnsafeBytes { $0.elementsEqual("0123456789abcdef".utf8) })
      }
      precondition(LockedMemory.usedByteCount == own)
      withExtendedLifetime(key) {}
      precondition(LockedMemory.reserve(), "a second call changes nothing")
    }
  }

  @Test("A process that may lock nothing keeps its secrets in ordinary memory")
  func nothingMayBeLocked() async {
    await #expect(processExitsWith: .success) {
      var none = rlimit(rlim_cur: 0, rlim_max: 0)
      precondition(setrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &none) == 0)
      // Root's right to lock what it likes goes with its user.
      if geteuid() == 0 { precondition(setuid(65_534) == 0) }
      precondition(!LockedMemory.reserve() && !LockedMemory.isReserved)
      let secret = SecretBytes(repeatElement(7, count: 16))
      precondition(secret.withUnsafeBytes { $0.allSatisfy { $0 == 7 } })
    }
  }

  @Test("A process that may lock little reserves as much as it may")
  func littleMayBeLocked() async {
    await #expect(processExitsWith: .success) {
      var little = rlimit(rlim_cur: 65_536, rlim_max: 65_536)
      precondition(setrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &little) == 0)
      if geteuid() == 0 { precondition(setuid(65_534) == 0) }
      precondition(LockedMemory.reserve())
      precondition(lockedKilobytes() == 64)
    }
  }

  @Test("When it is full, and for large secrets, ordinary memory serves")
  func fullMemory() async {
    await #expect(processExitsWith: .success) {
      precondition(LockedMemory.reserve())
      let large = SecretBytes(repeatElement(1, count: 65_536))
      precondition(LockedMemory.usedByteCount == 0)
      let many = (0..<9000).map {
        SecretBytes(repeatElement(UInt8(truncatingIfNeeded: $0), count: 16))
      }
      precondition(LockedMemory.usedByteCount == 131_072)
      let areWhole = many.enumerated().allSatisfy { index, secret in
        secret.withUnsafeBytes { $0.allSatisfy { $0 == UInt8(truncatingIfNeeded: index) } }
      }
      precondition(areWhole)
      withExtendedLifetime(large) {}
    }
  }
}
