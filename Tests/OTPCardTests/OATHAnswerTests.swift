import OneTimePassword
import SmartCard
import TestMaterial
import Testing

@testable import OTPCard

@Suite("OATH answers")
struct OATHAnswerTests {
  private func bytes(_ text: String) throws -> [UInt8] {
    try #require(Hexadecimal.bytes(text))
  }

  @Test("An open card tells version and id")
  func openSelection() throws {
    let selection = try OATHSelection(parsing: try bytes("7903050403 71080102030405060708"))
    #expect(selection.versionText == "5.4.3")
    #expect(selection.id == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(!selection.isLocked)
  }

  @Test("A locked card adds challenge and hash; objects of its maker's own are passed over")
  func lockedSelection() throws {
    let selection = try OATHSelection(
      parsing: try bytes("8F0401020304 7102AABB 7903040B00 74080102030405060708 7B0102"))
    #expect(selection.isLocked)
    #expect(selection.hash == .sha256)
    #expect(selection.challenge == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(
      try OATHSelection(parsing: try bytes("7903040B00 7102AABB 740101 7B0121")).hash == .sha1)
    #expect(try OATHSelection(parsing: try bytes("7903040B00 7102AABB 740101")).hash == .sha1)
  }

  @Test(
    "A selection that lacks, repeats or distorts an object is refused",
    arguments: [
      ("", OATHAnswerFault.missing(0x79)),
      ("7903050403", .missing(0x71)),
      ("71080102030405060708", .missing(0x79)),
      ("7900 710101", .length(0x79)),
      ("7903050403 7100", .length(0x71)),
      ("7903050403 7903050403 710101", .unexpected(0x79)),
      ("7903050403 710101 710101", .unexpected(0x71)),
      ("7903050403 710101 7400", .length(0x74)),
      ("7903050403 710101 740101 7B020102", .length(0x7B)),
      ("7903050403 710101 740101 7B0107", .algorithm(7)),
      ("7903050403 7105010203", .objects(.truncated)),
      ("79800000", .objects(.indefiniteLength)),
    ])
  func badSelection(text: String, fault: OATHAnswerFault) throws {
    let answer = try bytes(text)
    #expect(throws: fault) { try OATHSelection(parsing: answer) }
  }

  @Test("LIST gives kind, hash and name; kinds of the maker's own stay nameless")
  func list() throws {
    let list = try readListAnswer(try bytes("7203216D65 720311626F 72023374 7204F7616263"))
    #expect(list.map(\.name.text) == ["me", "bo", "t", "abc"])
    #expect(list.map(\.kind) == [.totp, .hotp, nil, nil])
    #expect(list.map(\.hash) == [.sha1, .sha1, .sha512, nil])
    #expect(try readListAnswer([]).isEmpty)
  }

  @Test(
    "A broken LIST answer is refused",
    arguments: [
      ("7200", OATHAnswerFault.length(0x72)), ("720121", .length(0x72)),
      ("7103216D65", .unexpected(0x71)), ("7203216D", .objects(.truncated)),
      ("7203216D65 00", .objects(.invalidTag)),
    ])
  func badList(text: String, fault: OATHAnswerFault) throws {
    let answer = try bytes(text)
    #expect(throws: fault) { try readListAnswer(answer) }
  }

  @Test("A name longer than any card keeps is refused in LIST")
  func longName() {
    let long = TLV(0x72, [0x21] + [UInt8](repeating: 0x41, count: 65)).encoded()
    #expect(throws: OATHAnswerFault.length(0x72)) { try readListAnswer(long) }
  }

  @Test("RFC 4226's first value makes its code, whatever the top bit")
  func truncated() throws {
    #expect(try readTruncatedAnswer(try bytes("7605064C93CF18")).digitsText == "755224")
    #expect(try readTruncatedAnswer(try bytes("760506CC93CF18")).digitsText == "755224")
    #expect(try readTruncatedAnswer(try bytes("7605084C93CF18")).digitsText == "84755224")
    #expect(try readTruncatedAnswer(try bytes("76050600000001")).digitsText == "000001")
  }

  @Test(
    "An answer that is not exactly one truncated response is no code",
    arguments: [
      ("", OATHAnswerFault.missing(0x76)), ("7600", .length(0x76)),
      ("7604064C93CF", .length(0x76)), ("7606064C93CF1800", .length(0x76)),
      ("7505064C93CF18", .unexpected(0x75)), ("7605054C93CF18", .digits(5)),
      ("7605094C93CF18", .digits(9)), ("7605004C93CF18", .digits(0)),
      ("7605064C93CF18 7605064C93CF18", .unexpected(0x76)),
      ("7605064C93CF", .objects(.truncated)), ("7605064C93CF18 90", .objects(.truncated)),
    ])
  func badTruncated(text: String, fault: OATHAnswerFault) throws {
    let answer = try bytes(text)
    #expect(throws: fault) { try readTruncatedAnswer(answer) }
  }

  @Test(
    "A whole response must have the length of its hash",
    arguments: [HashFunction.sha1, .sha256, .sha512])
  func full(hash: HashFunction) throws {
    let mac = [UInt8](repeating: 0xAB, count: hash.byteCount)
    #expect(try readFullAnswer(TLV(0x75, [6] + mac).encoded(), hash: hash) == mac)
    for wrong in [mac.dropLast(), mac + [0]] {
      #expect(throws: OATHAnswerFault.length(0x75)) {
        try readFullAnswer(TLV(0x75, [6] + wrong).encoded(), hash: hash)
      }
    }
  }

  @Test("CALCULATE ALL gives codes and marks what it left alone")
  func all() throws {
    let all = try readCalculateAllAnswer(
      try bytes(
        "710161 7605064C93CF18 710162 770106 710163 7C0106 710164 7700 710165 7605054C93CF18"))
    #expect(all.map(\.name.text) == ["a", "b", "c", "d", "e"])
    #expect(
      all.map(\.result) == [
        .code(try readTruncatedAnswer(try bytes("7605064C93CF18"))), .counterBased,
        .touchRequired, .counterBased, .otherDigits(5),
      ])
    #expect(try readCalculateAllAnswer([]).isEmpty)
  }

  @Test(
    "A broken CALCULATE ALL answer is refused",
    arguments: [
      ("710161", OATHAnswerFault.missing(0x76)), ("7605064C93CF18", .unexpected(0x76)),
      ("7100 770106", .length(0x71)), ("710161 77020606", .length(0x77)),
      ("710161 7504064C93CF", .unexpected(0x75)), ("710161 7604064C93CF", .length(0x76)),
      ("710161 710162", .unexpected(0x71)),
    ])
  func badAll(text: String, fault: OATHAnswerFault) throws {
    let answer = try bytes(text)
    #expect(throws: fault) { try readCalculateAllAnswer(answer) }
  }

  @Test("Any bytes give a value or a typed error")
  func fuzz() {
    let seeds = [
      "790305040371080102030405060708740801020304050607087B0101", "7203216D65720311626F",
      "7605064C93CF18", "7101617605064C93CF187101627701067101637C0106",
    ].map { Hexadecimal.bytes($0) ?? [] }
    var generator = SeededGenerator(seed: 0x0A7)
    for round in 0..<60_000 {
      let bytes =
        round % 4 == 0
        ? generator.bytes(upTo: 40) : generator.mutated(generator.mutated(seeds[round % 4]))
      _ = try? OATHSelection(parsing: bytes)
      _ = try? readListAnswer(bytes)
      _ = try? readFullAnswer(bytes, hash: .sha1)
      _ = try? readCalculateAllAnswer(bytes)
      if let code = try? readTruncatedAnswer(bytes) {
        #expect(bytes.count == 7 && (6...8).contains(code.digitCount))
      }
    }
  }
}
