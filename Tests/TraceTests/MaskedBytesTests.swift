import Testing

@testable import Trace

@Suite("Masked bytes")
struct MaskedBytesTests {
  private static let mixed = MaskedBytes([0x76, 0x02, nil, nil, 0x90, 0x00])

  @Test("A hidden byte is two stars in hexadecimal, and not kept")
  func text() {
    #expect("\(Self.mixed)" == "7602****9000")
    #expect(Self.mixed.bytes == [0x76, 0x02, 0x2A, 0x2A, 0x90, 0x00])
    #expect(Self.mixed.text(atMost: 3) == "7602**…")
    #expect(Self.mixed.text(atMost: 6) == "7602****9000")
    #expect("\(MaskedBytes.shown([]))" == "")
  }

  @Test("A real 2A is not taken for a hidden byte")
  func star() {
    #expect("\(MaskedBytes.shown([0x2A]))" == "2A")
    #expect(!MaskedBytes.shown([0x2A]).hidesAny)
  }

  @Test("Parts keep what is hidden; a range outside gives what there is")
  func parts() {
    #expect("\(Self.mixed[1..<3])" == "02**")
    #expect("\(Self.mixed[4..<99])" == "9000")
    #expect(Self.mixed[9..<12].isEmpty)
    #expect(Self.mixed[2..<4].hidesAll)
    #expect(!Self.mixed.hidesAll && Self.mixed.hidesAny)
    #expect(!Self.mixed[4..<6].hidesAny)
    #expect("\(Self.mixed[0..<1] + .hidden(2))" == "76****")
  }

  @Test("What is revealed shows the original, but not what was masked before")
  func revealed() {
    let original: [UInt8] = [0x76, 0x02, 0x06, 0x07, 0x90, 0x00]
    #expect(Self.mixed.revealed(as: original) == .shown(original))
    let masked: [UInt8] = [0x76, 0x02, 0x2A, 0x2A, 0x90, 0x00]
    #expect(Self.mixed.revealed(as: masked) == Self.mixed)
    let half: [UInt8] = [0x76, 0x02, 0x2A, 0x07, 0x90, 0x00]
    #expect(Self.mixed.revealed(as: half) == .shown(half))
    #expect(Self.mixed.revealed(as: [1]) == .shown([1]))
  }
}
