import Testing

@testable import Cryptography

@Suite("Digests of what comes in pieces")
struct RunningHashTests {
  @Test("Pieces of any size give the digest of the whole", arguments: Hash.allCases)
  func pieces(hash: Hash) throws {
    let message = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for size in [1, 63, 64, 65, 4096, 9000] {
      var running = try RunningHash(hash)
      for start in stride(from: 0, to: message.count, by: size) {
        try running.update(Array(message[start...]), count: size)
      }
      #expect(try running.finish() == hash.digest(message))
    }
    #expect(try RunningHash(hash).finish() == hash.digest([]))
  }

  @Test("The library that is loaded is OpenSSL 3 or later")
  func libraryVersion() {
    #expect(CryptographyLibrary.version.major >= 3)
  }
}
