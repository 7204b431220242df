import Center
import Cryptography
import Foundation
import Logging
import SmartOTP
import Synchronization
import Testing

@testable import CenterServer

@Suite("Signed requests for registration online")
struct SignedRequestTests {
  private let accreditation: TestAccreditation

  init() throws { accreditation = try TestAccreditation() }

  @Test("A request that the cardholder signed names its signer")
  func accepted() throws {
    let request = try OnlineRegistrationRequest.test()
    let (read, signer) = try accreditation.accredited().read(
      request.signed(by: accreditation.person()), at: .now)
    #expect(read == request)
    #expect(signer.name == "Kim Min-ji")
    #expect(signer.document == TestBank.document)
  }

  @Test("A request that plain openssl signed is taken")
  func openssl() throws {
    let files = FileManager.default.temporaryDirectory.appending(path: "cms-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: files) }
    let key = try P256.PrivateKey.generate()
    let certificate = try accreditation.authority.issue(
      to: key.publicKey, subject: DistinguishedName(commonName: "홍길동"),
      validity: TestAuthority.validity(), usage: .emailProtection)
    let request = try OnlineRegistrationRequest.test()
    for (name, bytes) in [
      ("cert.pem", Array(certificate.pem.utf8)),
      ("key.pem", try key.pem().withUnsafeBytes { Array($0) }),
      ("request.json", [UInt8](try JSONEncoder().encode(request))),
    ] { try Data(bytes).write(to: files.appending(path: name)) }
    let openssl = Process()
    openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    openssl.currentDirectoryURL = files
    openssl.arguments =
      "cms -sign -binary -nodetach -md sha256 -in request.json -signer cert.pem -inkey key.pem -outform DER -out signed"
      .split(separator: " ").map(String.init)
    try openssl.run()
    openssl.waitUntilExit()
    let signed = [UInt8](try Data(contentsOf: files.appending(path: "signed")))
    let (read, signer) = try accreditation.accredited().read(.init(signed), at: .now)
    #expect(read == request && signer.name == "홍길동" && signer.document == nil)
  }

  @Test("A request that was altered after signing is refused")
  func tampered() throws {
    let request = try OnlineRegistrationRequest.test()
    var bytes = try #require(
      Data(base64Encoded: request.signed(by: accreditation.person()).signedRequest))
    let serial = try #require(bytes.firstRange(of: Data("12345678".utf8)))
    bytes[serial.lowerBound] = UInt8(ascii: "9")
    try expect(.signatureInvalid, SignedRegistrationRequest([UInt8](bytes)))
  }

  @Test(
    "What is no signed message is refused",
    arguments: ["", "!", "AAAA", "MIIB", "MAA=", Data("no message".utf8).base64EncodedString()])
  func malformed(text: String) throws {
    try expect(.signatureMalformed, SignedRegistrationRequest(signedRequest: text))
  }

  @Test("A signed content that is no request, or has a short nonce, is refused")
  func content() throws {
    let other = try SignedMessage(signing: Array("{}".utf8), by: accreditation.person())
    try expect(.signatureMalformed, SignedRegistrationRequest(other.encoding))
    let short = try OnlineRegistrationRequest.test(nonce: "00")
    try expect(.signatureMalformed, short.signed(by: accreditation.person()))
  }

  @Test(
    "A signer's certificate that has run out, is not valid yet, or is not for signing is refused")
  func certificate() throws {
    let day = TestAccreditation.day
    let request = try OnlineRegistrationRequest.test()
    try expect(.signerExpired, request.signed(by: accreditation.person(from: -2 * day, to: -60)))
    try expect(.signerNotYetValid, request.signed(by: accreditation.person(from: day, to: 2 * day)))
    try expect(
      .signerUntrusted,
      request.signed(by: accreditation.person(usage: .serverAuthentication)))
  }

  @Test("A signer whom no accredited authority knows is refused")
  func untrusted() throws {
    let request = try OnlineRegistrationRequest.test().signed(by: TestAccreditation().person())
    try expect(.signerUntrusted, request)
    #expect(throws: Refusal(.signerUntrusted)) {
      try AccreditedAuthorities(roots: []).read(request, at: .now)
    }
  }

  @Test("A revoked signer is refused, and so is one of whom no current list says otherwise")
  func revocation() throws {
    let person = try accreditation.person()
    let request = try OnlineRegistrationRequest.test().signed(by: person)
    try expect(.signerRevoked, request, lists: [accreditation.list(revoking: [person])])
    try expect(.revocationUnknown, request, lists: [])
    try expect(
      .revocationUnknown, request, lists: [accreditation.list(age: 2 * TestAccreditation.day)])
    try expect(.revocationUnknown, request, lists: [TestAccreditation().list()])
  }

  @Test("A request is good for five minutes around the centre's time")
  func freshness() throws {
    let person = try accreditation.person()
    let now = UnixTime.now
    for (secondsAgo, code) in [(301, RefusalCode.requestStale), (-302, .requestFromFuture)] {
      let request = try OnlineRegistrationRequest.test(secondsAgo: Int64(secondsAgo))
      try expect(code, request.signed(by: person), at: now)
    }
    for secondsAgo in [290, -290] {
      let request = try OnlineRegistrationRequest.test(secondsAgo: Int64(secondsAgo))
      _ = try accreditation.accredited().read(request.signed(by: person), at: now)
    }
  }

  @Test(
    "A list that is replaced while the server runs counts; one that cannot be read changes nothing")
  func reload() throws {
    let person = try accreditation.person()
    let request = try OnlineRegistrationRequest.test().signed(by: person)
    let lists = Mutex<[RevocationList]?>([try accreditation.list()])
    let root = accreditation.authority.certificate
    let authorities = try ReloadedAuthorities(
      {
        guard let lists = lists.withLock({ $0 }) else { throw Refusal(.unavailable) }
        return try AccreditedAuthorities(roots: [root], revocationLists: lists)
      }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    _ = try authorities.read(request, at: .now)
    lists.withLock { $0 = nil }
    authorities.reload()
    _ = try authorities.read(request, at: .now)
    let newer = [try accreditation.list(revoking: [person])]
    lists.withLock { $0 = newer }
    authorities.reload()
    #expect(throws: Refusal(.signerRevoked)) { try authorities.read(request, at: .now) }
  }

  private func expect(
    _ code: RefusalCode, _ message: SignedRegistrationRequest, lists: [RevocationList]? = nil,
    at now: UnixTime = .now
  ) throws {
    let accredited = try accreditation.accredited(lists)
    let refusal = #expect(throws: Refusal.self) { try accredited.read(message, at: now) }
    #expect(refusal?.code == code)
  }
}

@Suite("Registration online")
struct OnlineRegistrationTests {
  @Test("The cardholder's request registers the card, once; others' do not, and go on record")
  func registration() async throws {
    let accreditation = try TestAccreditation()
    try await TestCentre.run(accredited: accreditation.accredited()) { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let holder = try accreditation.person()
      try await centre.with(bank.other) { client in
        let path = "/v1/registrations/online"
        let elsewhere = try OnlineRegistrationRequest.test(card: card.card, institution: "004")
        #expect(
          try await client.post(path, elsewhere.signed(by: holder)).code == .requestForAnother)
        for stranger in [
          try accreditation.person("Lee Seo-yeon"),
          try accreditation.person(document: "PASKR-M00000000"),
          try accreditation.person(document: nil),
        ] {
          let request = try OnlineRegistrationRequest.test(card: card.card)
          #expect(
            try await client.post(path, request.signed(by: stranger)).code == .signerNotCardholder)
        }
        let request = try OnlineRegistrationRequest.test(card: card.card)
        let reply = try await client.post(path, request.signed(by: holder))
        #expect(reply.status == 201)
        #expect(try reply.json(Registration.self).channel == .online)
        #expect(try await client.post(path, request.signed(by: holder)).code == .requestReplayed)
        #expect(try await client.post("/v1/transactions", card.transfer()).status == 201)
      }
      let audit: Page<AuditRecord> = try await centre.with(centre.identity("op", .operator)) {
        try await $0.get("/v1/audit?limit=200").json()
      }
      #expect(
        audit.items.filter { $0.action == "registration.refused" }.map(\.detail) == [
          "request-for-another"
        ]
      )
    }
  }
}
