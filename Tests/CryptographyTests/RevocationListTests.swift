import Testing

@testable import Cryptography

@Suite("Revocation lists")
struct RevocationListTests {
  private let authority: CertificateAuthority
  private static let start = Hierarchy.start

  init() throws {
    authority = try .root(
      subject: DistinguishedName(commonName: "Root"), key: .generate(),
      validity: Hierarchy.validity)
  }

  private func list(_ revocations: [Revocation], number: UInt64 = 7) throws -> RevocationList {
    try authority.revocationList(
      of: revocations, number: number, thisUpdate: Self.start, nextUpdate: Self.start + 60)
  }

  @Test("A list tells its issuer, number, times and entries, in DER and PEM")
  func roundTrip() throws {
    var revocations = RevocationReason.allCases.filter { $0 != .unspecified }.map {
      Revocation(serial: [$0.rawValue + 1, 0], date: Self.start - 5, reason: $0)
    }
    revocations.append(Revocation(serial: [0xFF, 1], date: 0))
    let made = try list(revocations, number: .max)
    for read in [try RevocationList(der: made.der), try RevocationList(pem: Array(made.pem.utf8))] {
      #expect(read.issuer == authority.certificate.subject)
      #expect(read.number == .max)
      #expect(read.thisUpdate == Self.start)
      #expect(read.nextUpdate == Self.start + 60)
      #expect(read.count == revocations.count)
      for revocation in revocations {
        #expect(try read.revocation(ofSerial: revocation.serial) == revocation)
      }
      for absent in [[], [1], [0x40, 1], [UInt8](repeating: 0xFF, count: 40)] {
        #expect(try read.revocation(ofSerial: absent) == nil)
      }
    }
  }

  @Test("An unspecified reason is not written")
  func unspecified() throws {
    let made = try list([Revocation(serial: [1], date: 9, reason: .unspecified)])
    #expect(try made.revocation(ofSerial: [1]) == Revocation(serial: [1], date: 9))
  }

  @Test("An empty list and one of 5,000 entries are looked up alike")
  func sizes() throws {
    #expect(try list([]).revocation(ofSerial: [1]) == nil)
    let serials = (0..<5000).map { [UInt8(0x40), UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let large = try list(serials.map { Revocation(serial: $0, date: 1) })
    #expect(large.count == 5000)
    for serial in serials { #expect(try large.revocation(ofSerial: serial)?.serial == serial) }
  }

  @Test("Only its authority's key made it")
  func signatures() throws {
    let impostor = try CertificateAuthority.root(
      subject: authority.certificate.subject, key: .generate(), validity: Hierarchy.validity)
    let made = try list([Revocation(serial: [5], date: 1)])
    #expect(try made.isSigned(by: authority.certificate))
    #expect(try !made.isSigned(by: impostor.certificate))
    let renamed = try CertificateAuthority.root(
      subject: DistinguishedName(commonName: "Other"), key: authority.key,
      validity: Hierarchy.validity)
    #expect(try !made.isSigned(by: renamed.certificate))
    var der = made.der
    der[der.count - 1] ^= 1
    if let changed = try? RevocationList(der: der) {
      #expect(try !changed.isSigned(by: authority.certificate))
    }
  }

  @Test("What is no list is malformed; impossible ones are not made")
  func refused() throws {
    let der = try list([Revocation(serial: [5], date: 1)]).der
    for end in der.indices {
      #expect(reason { try RevocationList(der: Array(der[..<end])) } == .malformed)
    }
    #expect(reason { try RevocationList(der: der + [0]) } == .malformed)
    for serial in [[], [0], [0, 1], [UInt8](repeating: 1, count: 21)] {
      #expect(reason { try list([Revocation(serial: serial, date: 1)]) } == .invalidInput)
    }
    #expect(reason { try list([Revocation(serial: [1], date: -1)]) } == .invalidInput)
    #expect(
      reason {
        try authority.revocationList(of: [], number: 1, thisUpdate: 2, nextUpdate: 1)
      } == .invalidInput)
  }

  @Test("A list that does not say when the next one comes is malformed")
  func withoutNextUpdate() throws {
    let (list, _) = Self.split(try list([]).der)
    var (signed, signature) = Self.split(list)
    // The second of two UTCTimes of 13 characters.
    let time = try #require(signed.ranges(of: [0x17, 13]).last)
    signed.removeSubrange(time.lowerBound..<time.lowerBound + 15)
    let der = DER.sequence([DER.sequence([signed]), signature])
    #expect(reason { try RevocationList(der: der) } == .malformed)
  }

  /// The content of the element that `der` begins with, and what follows the element.
  private static func split(_ der: [UInt8]) -> (content: [UInt8], rest: [UInt8]) {
    let isLong = der[1] > 0x80
    let start = isLong ? 2 + Int(der[1] & 0x7F) : 2
    let count = isLong ? der[2..<start].reduce(0) { $0 << 8 | Int($1) } : Int(der[1])
    return (Array(der[start..<start + count]), Array(der[(start + count)...]))
  }

  @Test("openssl verifies our list and shows its entries", .enabled(if: OpenSSLCommand.isInstalled))
  func oursThere() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    let made = try list([Revocation(serial: [0xAB, 0xCD], date: 0, reason: .keyCompromise)])
    try files.write(Array(made.pem.utf8), to: "list.pem")
    try files.write(Array(authority.certificate.pem.utf8), to: "root.pem")
    let text = try files.run("crl -in list.pem -CAfile root.pem -text -noout")
    for part in [
      "Version 2", "Serial Number: ABCD", "Key Compromise", "Jan  1 00:00:00 1970 GMT",
      "Authority Key Identifier", "CRL Number: \n                7",
    ] {
      #expect(text.contains(part))
    }
  }

  @Test("A list of openssl's authority is read", .enabled(if: OpenSSLCommand.isInstalled))
  func theirsHere() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    let authority = try CommandAuthority(files)
    try authority.issue("good", key: "rsa:2048")
    try authority.issue("bad", key: "ec:P-256")
    try authority.revoke("bad", reason: "superseded")
    let list = try authority.list()
    let root = try Certificate(pem: files.read("root.pem"))
    #expect(try list.isSigned(by: root))
    #expect(list.number == 1)
    let bad = try Certificate(pem: files.read("bad.pem"))
    #expect(try list.revocation(ofSerial: bad.serial)?.reason == .superseded)
    let good = try Certificate(pem: files.read("good.pem"))
    #expect(try list.revocation(ofSerial: good.serial) == nil)
  }
}
