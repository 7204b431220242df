import Testing

@testable import Cryptography

@Suite("PEM")
struct PEMTests {
  @Test("Blocks are found in order, whatever stands around them")
  func blocks() throws {
    let text = """
      Bag Attributes
      -----BEGIN ONE-----
      AQID
      -----END ONE-----
      subject=CN = x\r
      -----BEGIN TWO-----\r
        BAUG\t
      Bw==\r
      -----END TWO-----
      """
    #expect(
      try PEM.blocks(in: Array(text.utf8)) == [
        PEM.Block(label: "ONE", der: [1, 2, 3]), PEM.Block(label: "TWO", der: [4, 5, 6, 7]),
      ])
  }

  @Test("Every size of content survives the way out and in")
  func roundTrip() throws {
    for count in 0..<200 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let text = PEM.bytes("DATA", bytes)
      #expect(try PEM.blocks(in: text) == [PEM.Block(label: "DATA", der: bytes)])
      #expect(text.split(separator: 0x0A).allSatisfy { $0.count <= 64 })
    }
  }

  @Test(
    "A block that is open, nested, wrongly closed or not base 64 is refused",
    arguments: [
      "-----BEGIN A-----\nAQID\n",
      "-----END A-----\n",
      "-----BEGIN A-----\nAQID\n-----END B-----\n",
      "-----BEGIN A-----\n-----BEGIN A-----\nAQID\n-----END A-----\n",
      "-----BEGIN A-----\nAQI\n-----END A-----\n",
      "-----BEGIN A-----\nAQI=AQID\n-----END A-----\n",
      "-----BEGIN A-----\nA===\n-----END A-----\n",
      "-----BEGIN A-----\nAR==\n-----END A-----\n",
      "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END A-----\n",
    ])
  func refused(text: String) {
    #expect(throws: CryptographyError(.malformed, "PEM")) {
      try PEM.blocks(in: Array(text.utf8))
    }
  }

  @Test("A text over the limit, and one without the block wanted, is refused")
  func limits() {
    let large = [UInt8](repeating: 0x0A, count: PEM.maximumByteCount + 1)
    #expect(throws: CryptographyError.self) { try PEM.blocks(in: large) }
    let two = PEM.bytes("A", [1]) + PEM.bytes("A", [2])
    #expect(throws: CryptographyError.self) { try PEM.content(of: ["A"], in: two) }
    #expect(throws: CryptographyError.self) { try PEM.contents(of: ["B"], in: two) }
  }
}
