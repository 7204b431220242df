import SmartCard
import Testing

@testable import Simulation

/// A program on the other side of a card.
struct OATHHost {
  let card: OATHCard

  init(
    _ profile: OATHProfile = .yubiKey, _ credentials: [OATHCredential] = [],
    accessKey: [UInt8]? = nil
  ) {
    card = OATHCard(profile: profile, credentials: credentials, accessKey: accessKey)
    select()
  }

  func send(_ ins: UInt8, _ p1: UInt8 = 0, _ p2: UInt8 = 0, _ data: [UInt8] = []) -> [UInt8] {
    let body = data.isEmpty ? [] : [UInt8(data.count)] + data
    return card.process([0x00, ins, p1, p2] + body).bytes ?? []
  }

  @discardableResult
  func select() -> [UInt8] { send(0xA4, 0x04, 0x00, OATHApplication.identifier) }

  func status(_ response: [UInt8]) -> String { Hexadecimal.text(response.suffix(2)).lowercased() }

  static func name(_ text: String) -> [UInt8] { OATHFields.encode(0x71, Array(text.utf8)) }

  func calculate(_ name: String, _ challenge: [UInt8], truncated: Bool = true) -> [UInt8] {
    send(0xA2, 0, truncated ? 1 : 0, Self.name(name) + OATHFields.encode(0x74, challenge))
  }

  /// The decimal code of a truncated response.
  func code(_ name: String, _ challenge: [UInt8] = []) -> String? {
    let response = calculate(name, challenge)
    guard response.count == 9, response.starts(with: [0x76, 5]), status(response) == "9000" else {
      return nil
    }
    let value = response[3..<7].reduce(0) { $0 << 8 | Int($1) }
    let digits = String(value % (0..<Int(response[2])).reduce(1) { power, _ in power * 10 })
    return String(repeating: "0", count: Int(response[2]) - digits.count) + digits
  }

  func put(
    _ name: String, type: UInt8 = 0x21, key: [UInt8] = [1, 2, 3], property: [UInt8] = [0x78, 0x00],
    factor: [UInt8] = []
  ) -> String {
    status(
      send(
        0x01, 0, 0, Self.name(name) + OATHFields.encode(0x73, [type, 6] + key) + property + factor))
  }

  func setCode(_ key: [UInt8], type: UInt8 = 0x21) -> String {
    let challenge: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    return status(
      send(
        0x03, 0, 0,
        OATHFields.encode(0x73, [type] + key) + OATHFields.encode(0x74, challenge)
          + OATHFields.encode(0x75, OATHCredential.Algorithm.sha1.mac(key, challenge))))
  }

  /// Validates against the challenge of a SELECT response; returns the whole answer.
  func validate(_ key: [UInt8], selected: [UInt8]) -> [UInt8] {
    var fields = OATHFields(Array(selected.dropLast(2)))
    _ = fields.take(0x79)
    _ = fields.take(0x71)
    let challenge = fields.take(0x74) ?? []
    return send(
      0xA3, 0, 0,
      OATHFields.encode(0x75, OATHCredential.Algorithm.sha1.mac(key, challenge))
        + OATHFields.encode(0x74, [8, 7, 6, 5, 4, 3, 2, 1]))
  }
}

@Suite("The OATH application, as standards and protocol have it")
struct OATHCardTests {
  private static let key20 = [UInt8]("12345678901234567890".utf8)
  private let accessKey = (0..<16).map { UInt8($0) }

  private func counter(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
  }

  @Test("RFC 4226 appendix D: ten codes in a row")
  func hotp() {
    let host = OATHHost(.yubiKey, [.init(name: "h", kind: .hotp, key: Self.key20)])
    let codes = (0..<10).map { _ in host.code("h") }
    #expect(
      codes == [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
        "520489",
      ])
  }

  @Test(
    "RFC 6238 appendix B: eight digits for three hashes",
    arguments: [
      (1, "94287082", "46119246", "90693936"), (37_037_036, "07081804", "68084774", "25091201"),
      (37_037_037, "14050471", "67062674", "99943326"),
      (41_152_263, "89005924", "91819424", "93441116"),
      (66_666_666, "69279037", "90698825", "38618901"),
      (666_666_666, "65353130", "77737706", "47863826"),
    ] as [(UInt64, String, String, String)])
  func totp(_ step: UInt64, _ sha1: String, _ sha256: String, _ sha512: String) {
    let seed = Array(repeatElement(Self.key20, count: 4).joined())
    let host = OATHHost(
      .yubiKey,
      [
        .init(name: "1", algorithm: .sha1, digits: 8, key: Array(seed.prefix(20))),
        .init(name: "2", algorithm: .sha256, digits: 8, key: Array(seed.prefix(32))),
        .init(name: "5", algorithm: .sha512, digits: 8, key: Array(seed.prefix(64))),
      ])
    #expect(host.code("1", counter(step)) == sha1)
    #expect(host.code("2", counter(step)) == sha256)
    #expect(host.code("5", counter(step)) == sha512)
  }

  @Test(
    "The transaction code of the protocol's own vector, on every card", arguments: OATHProfile.all)
  func transactionCode(_ profile: OATHProfile) {
    let key = [UInt8]("01234567890123456789012345678901".utf8)
    let host = OATHHost(
      profile, [.smartOTP(vendor: "K01", serial: "12345678", key: key)])
    #expect(host.code("smartotp:K01:12345678", .init(hex: "79a43e1f1a02c642")) == "570924")
  }

  @Test("SELECT gives version and identity, and a challenge only when locked")
  func selection() {
    let open = OATHHost().select()
    #expect(open.starts(with: [0x79, 3]))
    #expect(open.count == 5 + 10 + 2)
    let locked = OATHHost(.yubiKey, accessKey: accessKey).select()
    #expect(locked.count == 5 + 10 + 10 + 3 + 2)
    #expect(locked[15...16] == [0x74, 8])
  }

  @Test("A challenge is not used twice")
  func freshChallenges() {
    let host = OATHHost(.yubiKey, accessKey: accessKey)
    let challenges = (0..<50).map { _ in Array(host.select()[17..<25]) }
    #expect(Set(challenges).count == challenges.count)
  }

  @Test("A locked card lists, stores and calculates nothing until the key is proved both ways")
  func access() {
    let host = OATHHost(.yubiKey, [.init(name: "a", key: Self.key20)], accessKey: accessKey)
    let selected = host.select()
    #expect(host.status(host.send(0xA1)) == "6982")
    #expect(host.put("b") == "6982")
    #expect(host.status(host.calculate("a", [1])) == "6982")
    #expect(host.status(host.validate([9], selected: selected)) == "6a80")
    #expect(host.status(host.send(0xA1)) == "6982")
    let proof = OATHCredential.Algorithm.sha1.mac(accessKey, [8, 7, 6, 5, 4, 3, 2, 1])
    #expect(
      host.validate(accessKey, selected: selected) == OATHFields.encode(0x75, proof) + [0x90, 0x00])
    #expect(host.status(host.send(0xA1)) == "9000")
    host.select()
    #expect(host.status(host.send(0xA1)) == "6982")
  }

  @Test("SET CODE locks the session at once, and an empty key unlocks the card for good")
  func setCode() {
    let host = OATHHost()
    #expect(host.setCode(accessKey) == "9000")
    #expect(host.status(host.send(0xA1)) == "6982")
    let proof = host.validate(accessKey, selected: host.select())
    #expect(host.status(proof) == "9000")
    #expect(host.status(host.send(0x03, 0, 0, [0x73, 0])) == "9000")
    host.select()
    #expect(host.status(host.send(0xA1)) == "9000")
  }

  @Test("SET CODE without a right proof changes nothing")
  func setCodeProof() {
    let host = OATHHost()
    let wrong =
      OATHFields.encode(0x73, [0x21] + accessKey) + [0x74, 1, 1]
      + OATHFields.encode(0x75, [UInt8](repeating: 0, count: 20))
    #expect(host.status(host.send(0x03, 0, 0, wrong)) == "6984")
    #expect(!host.card.isLocked)
  }

  @Test("VALIDATE on an open card, and anything about a name that is not there, is 6984")
  func missing() {
    let host = OATHHost()
    #expect(host.status(host.validate(accessKey, selected: host.select())) == "6984")
    #expect(host.status(host.calculate("nobody", [1])) == "6984")
    #expect(host.status(host.send(0x02, 0, 0, OATHHost.name("nobody"))) == "6984")
  }

  @Test("What was put is listed, can be renamed, calculated with and deleted")
  func lifeCycle() {
    let host = OATHHost()
    #expect(host.put("a") == "9000")
    #expect(host.send(0xA1) == [0x72, 2, 0x21, 0x61, 0x90, 0x00])
    #expect(host.status(host.send(0x05, 0, 0, OATHHost.name("a") + OATHHost.name("b"))) == "9000")
    #expect(host.code("b", [1, 2]) != nil)
    #expect(host.status(host.send(0x02, 0, 0, OATHHost.name("b"))) == "9000")
    #expect(host.send(0xA1) == [0x90, 0x00])
  }

  @Test("CALCULATE ALL gives codes, and marks for counters and touch")
  func calculateAll() {
    var touch = OATHCredential(name: "t", key: Self.key20)
    touch.property = 0x02
    let host = OATHHost(
      .yubiKey,
      [
        .init(name: "a", key: Self.key20), .init(name: "h", kind: .hotp, key: Self.key20), touch,
      ])
    let response = host.send(0xA4, 0, 1, OATHFields.encode(0x74, counter(0)))
    #expect(
      response
        == .init(hex: "710161 76050 6 4c93cf18 710168 770106 710174 7c0106 9000"))
  }

  @Test("RESET empties and unlocks the card")
  func reset() {
    let host = OATHHost(.yubiKey, [.init(name: "a", key: Self.key20)], accessKey: accessKey)
    #expect(host.status(host.send(0x04, 0xDE, 0xAD)) == "9000")
    #expect(host.card.credentials.isEmpty)
    #expect(!host.card.isLocked)
  }

  @Test("Any command, however long or wrong, gets a status word and no trap")
  func nonsense() {
    var random = SeededGenerator(seed: 11)
    for profile in OATHProfile.all {
      let host = OATHHost(profile, [.init(name: "a", key: Self.key20)])
      for _ in 0..<3_000 {
        let codes: [UInt8] = [0x01, 0x02, 0x03, 0x05, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xFF]
        let data = random.bytes(Int(random.next() % 24)).map { $0 & 0x8F | ($0 & 1) << 6 }
        let ins = codes[Int(random.next() % 10)]
        let head: [UInt8] = [0x00, ins, 0x00, UInt8(random.next() & 1), UInt8(data.count)]
        #expect((host.card.process(head + data).bytes?.count ?? 0) >= 2)
        #expect((host.card.process(random.bytes(Int(random.next() % 9))).bytes?.count ?? 0) >= 2)
      }
    }
  }
}
