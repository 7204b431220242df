import COpenSSL
import Cryptography
import Glibc
import Testing

/// Watches libcrypto's own allocator: what blocks of one unusual size hold when they are freed.
private enum Watch {
  static let size = 4099
  nonisolated(unsafe) static var living: Set<UnsafeMutableRawPointer> = []
  nonisolated(unsafe) static var freedClean = 0
  nonisolated(unsafe) static var freedDirty = 0

  static func begin() {
    let installed = CRYPTO_set_mem_functions(
      { size, _, _ in
        let block = malloc(size)
        if size == Watch.size, let block { Watch.living.insert(block) }
        return block
      },
      { block, size, _, _ in realloc(block, size) },
      { block, _, _ in
        if let block, Watch.living.remove(block) != nil { Watch.inspect(block) }
        free(block)
      })
    precondition(installed == 1, "libcrypto had allocated before")
  }

  static func inspect(_ block: UnsafeMutableRawPointer) {
    let bytes = UnsafeRawBufferPointer(start: block, count: size)
    if bytes.allSatisfy({ $0 == 0 }) { freedClean += 1 } else { freedDirty += 1 }
  }
}

// Each test runs in a process of its own, since the allocator can be replaced only at the start.
@Suite("Secrets are wiped when released")
struct SecretWipingTests {
  @Test("Memory holds zeros when the last reference goes")
  func released() async {
    await #expect(processExitsWith: .success) {
      Watch.begin()
      do {
        let secret = SecretBytes(repeatElement(0xA5, count: Watch.size))
        precondition(secret.withUnsafeBytes { $0.allSatisfy { $0 == 0xA5 } })
        precondition(Watch.freedClean == 0)
      }
      precondition(Watch.freedClean == 1 && Watch.freedDirty == 0 && Watch.living.isEmpty)
    }
  }

  @Test("A secret that could not be completed is wiped")
  func abandoned() async {
    await #expect(processExitsWith: .success) {
      struct Abandoned: Error {}
      Watch.begin()
      do {
        _ = try SecretBytes(count: Watch.size) { buffer in
          buffer.copyBytes(from: repeatElement(0xA5, count: Watch.size))
          throw Abandoned()
        }
        preconditionFailure("the error was lost")
      } catch {}
      precondition(Watch.freedClean == 1 && Watch.freedDirty == 0 && Watch.living.isEmpty)
    }
  }

  @Test("Plaintext that fails authentication is wiped")
  func unauthenticatedPlaintext() async {
    await #expect(processExitsWith: .success) {
      Watch.begin()
      let key = SecretBytes(repeatElement(1, count: 32))
      let sealed = try AES256GCM.seal(
        SecretBytes(repeatElement(0xA5, count: Watch.size)), key: key)
      precondition(Watch.freedClean == 1)
      let opened = try? AES256GCM.open(sealed, key: key, associatedData: [1])
      precondition(opened == nil)
      precondition(Watch.freedClean == 2 && Watch.freedDirty == 0 && Watch.living.isEmpty)
    }
  }
}
