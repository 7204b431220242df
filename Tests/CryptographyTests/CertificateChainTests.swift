import COpenSSL
import Testing

@testable import Cryptography

@Suite("Certificate chains")
struct CertificateChainTests {
  private let hierarchy: Hierarchy
  init() throws { hierarchy = try Hierarchy() }

  private func failure(_ body: () throws(ChainError) -> CertificateChain) -> ChainError? {
    do {
      _ = try body()
      return nil
    } catch { return error }
  }

  @Test("A path to the root is found, leaf first, whatever else is offered")
  func valid() throws {
    let other = try Hierarchy()
    let chain = try hierarchy.chain(
      intermediates: [other.issuing.certificate, other.client, hierarchy.issuing.certificate],
      to: hierarchy.store())
    #expect(
      chain.certificates
        == [hierarchy.client, hierarchy.issuing.certificate, hierarchy.root.certificate])
    #expect(chain.leaf == hierarchy.client)
    #expect(chain.root == hierarchy.root.certificate)
    let store = try TrustStore(
      roots: [hierarchy.root.certificate], intermediates: [hierarchy.issuing.certificate],
      revocationChecking: .none)
    #expect(try hierarchy.chain(intermediates: [], to: store).certificates.count == 3)
  }

  @Test("The first second of the validity is inside it, the last is not")
  func times() throws {
    let store = try hierarchy.store(lists: [], checking: .none)
    for time in [Hierarchy.validity.notBefore, Hierarchy.validity.notAfter - 1] {
      #expect(failure { () throws(ChainError) in try hierarchy.chain(to: store, at: time) } == nil)
    }
    let early = failure { () throws(ChainError) in
      try hierarchy.chain(to: store, at: Hierarchy.validity.notBefore - 1)
    }
    #expect(early?.reason == .notYetValid)
    let late = failure { () throws(ChainError) in
      try hierarchy.chain(to: store, at: Hierarchy.validity.notAfter)
    }
    #expect(late?.reason == .expired)
    #expect(late?.depth == 0)
  }

  @Test("An authority's end is the chain's")
  func expiredAuthority() throws {
    let short = Validity(notBefore: Hierarchy.start, notAfter: Hierarchy.start + 5)
    let hierarchy = try Hierarchy(issuingValidity: short)
    let store = try hierarchy.store()
    let error = failure { () throws(ChainError) in try hierarchy.chain(to: store) }
    #expect(error?.reason == .expired)
    #expect(error?.depth == 1)
  }

  @Test("Without a path to a root the chain is untrusted")
  func untrusted() throws {
    let foreign = try Hierarchy()
    let store = try hierarchy.store()
    let cases: [(Certificate, [Certificate], TrustStore)] = [
      (foreign.client, [foreign.issuing.certificate], store),
      (foreign.client, [foreign.issuing.certificate, foreign.root.certificate], store),
      (hierarchy.client, [], store),
      (foreign.root.certificate, [], store),
      (hierarchy.client, [hierarchy.issuing.certificate], try TrustStore(roots: [])),
      // An authority that is not a root is not believed by itself.
      (
        hierarchy.client, [],
        try TrustStore(roots: [hierarchy.issuing.certificate], revocationChecking: .none)
      ),
    ]
    for (leaf, intermediates, store) in cases {
      let error = failure { () throws(ChainError) in
        try hierarchy.chain(of: leaf, intermediates: intermediates, to: store)
      }
      #expect(error?.reason == .untrusted)
    }
  }

  @Test("A leaf cannot issue, nor an authority below one that may issue leaves only")
  func authorityRules() throws {
    let store = try hierarchy.store(lists: [], checking: .none)
    func issued(by issuer: Certificate, key: P256.PrivateKey) throws -> Certificate {
      try CertificateTemplate(
        serial: [1], issuer: issuer.subject,
        subject: DistinguishedName(commonName: "Forged"), validity: Hierarchy.validity,
        publicKey: P256.PrivateKey.generate().publicKey,
        extensions: [.extendedKeyUsage(.clientAuthentication)]
      ).signed(by: key)
    }
    let byLeaf = try issued(by: hierarchy.client, key: hierarchy.clientKey)
    let belowLeaf = failure { () throws(ChainError) in
      try hierarchy.chain(
        of: byLeaf, intermediates: [hierarchy.client, hierarchy.issuing.certificate], to: store)
    }
    #expect(belowLeaf?.reason == .untrusted)

    let key = try P256.PrivateKey.generate()
    let third = try hierarchy.issuing.issueAuthority(
      to: key.publicKey, subject: DistinguishedName(commonName: "Third"),
      validity: Hierarchy.validity)
    let byThird = try issued(by: third, key: key)
    let tooDeep = failure { () throws(ChainError) in
      try hierarchy.chain(
        of: byThird, intermediates: [third, hierarchy.issuing.certificate], to: store)
    }
    #expect(tooDeep?.reason == .untrusted)
    #expect(tooDeep?.nativeCode == X509_V_ERR_PATH_LENGTH_EXCEEDED)
  }

  @Test("A changed certificate has a bad signature, even where it is revoked or expired too")
  func badSignature() throws {
    var der = hierarchy.client.der
    let place = try #require(der.firstRange(of: Array("Client".utf8)))
    der.replaceSubrange(place, with: Array("Robber".utf8))
    let changed = try Certificate(der: der)
    #expect(changed.subject.commonName == "Robber")
    let store = try hierarchy.store(lists: hierarchy.lists(issuingRevokes: [hierarchy.client]))
    for time in [Hierarchy.start, Hierarchy.start + 5000] {
      let error = failure { () throws(ChainError) in
        try hierarchy.chain(of: changed, to: store, at: time)
      }
      #expect(error?.reason == .badSignature)
      #expect(error?.depth == 0)
    }
  }

  @Test("A purpose that was not granted is the wrong one")
  func purposes() throws {
    let store = try hierarchy.store()
    for purpose in [CertificatePurpose.serverAuthentication, .messageSigning] {
      let error = failure { () throws(ChainError) in try hierarchy.chain(to: store, for: purpose) }
      #expect(error?.reason == .wrongPurpose)
    }
    #expect(failure { () throws(ChainError) in try hierarchy.chain(to: store, for: .any) } == nil)
    let both = try Hierarchy(usage: [.serverAuthentication, .emailProtection])
    let bothStore = try both.store()
    for (purpose, reason) in [
      (CertificatePurpose.serverAuthentication, nil as ChainError.Reason?), (.messageSigning, nil),
      (.clientAuthentication, .wrongPurpose),
    ] {
      let error = failure { () throws(ChainError) in try both.chain(to: bothStore, for: purpose) }
      #expect(error?.reason == reason)
    }
  }

  @Test("A revoked leaf is refused, and a revoked authority where the whole chain is checked")
  func revoked() throws {
    let leaf = try hierarchy.store(lists: hierarchy.lists(issuingRevokes: [hierarchy.client]))
    let error = failure { () throws(ChainError) in try hierarchy.chain(to: leaf) }
    #expect(error?.reason == .revoked)
    #expect(error?.depth == 0)

    let lists = try hierarchy.lists(rootRevokes: [hierarchy.issuing.certificate])
    for (checking, depth) in [
      (TrustStore.RevocationChecking.wholeChain, 1 as Int?), (.leaf, nil), (.none, nil),
    ] {
      let store = try hierarchy.store(lists: lists, checking: checking)
      let error = failure { () throws(ChainError) in try hierarchy.chain(to: store) }
      #expect(error?.reason == depth.map { _ in .revoked })
      #expect(error?.depth == depth)
    }
  }

  @Test("A list that is missing, from another key, or out of its time is no list")
  func unusableLists() throws {
    let lists = try hierarchy.lists()
    let impostor = try CertificateAuthority.root(
      subject: hierarchy.issuing.certificate.subject, key: .generate(),
      validity: Hierarchy.validity)
    let forged = try impostor.revocationList(
      of: [], number: 9, thisUpdate: Hierarchy.start, nextUpdate: Hierarchy.start + 500)
    for incomplete in [[], [lists[0]], [lists[1]], [lists[0], forged]] {
      let store = try hierarchy.store(lists: incomplete)
      let error = failure { () throws(ChainError) in try hierarchy.chain(to: store) }
      #expect(error?.reason == .crlMissing)
    }
    let store = try hierarchy.store(lists: lists)
    for (time, reason) in [(499 as Int64, nil as ChainError.Reason?), (500, .crlExpired)] {
      let error = failure { () throws(ChainError) in
        try hierarchy.chain(to: store, at: Hierarchy.start + time)
      }
      #expect(error?.reason == reason)
    }
    let renewed = try hierarchy.store(
      lists: lists + hierarchy.lists(nextUpdate: Hierarchy.start + 900))
    #expect(
      failure { () throws(ChainError) in try hierarchy.chain(to: renewed, at: Hierarchy.start + 501)
      }
        == nil)
  }

  @Test("More intermediates than the limit are refused")
  func limit() throws {
    let store = try hierarchy.store()
    let many = [Certificate](
      repeating: hierarchy.issuing.certificate,
      count: CertificateChain.maximumIntermediateCount + 1)
    let error = failure { () throws(ChainError) in
      try hierarchy.chain(intermediates: many, to: store)
    }
    #expect(error?.reason == .malformed)
    #expect(
      failure { () throws(ChainError) in
        try hierarchy.chain(intermediates: Array(many.dropLast()), to: store)
      } == nil)
  }

  @Test("A failure leaves nothing on libcrypto's queue, and says what happened in one line")
  func errors() throws {
    ERR_clear_error()
    let store = try TrustStore(roots: [])
    let error = failure { () throws(ChainError) in try hierarchy.chain(to: store) }
    #expect(ERR_peek_error() == 0)
    #expect(
      error?.description == "untrusted at depth 1: unable to get local issuer certificate")
  }

  @Test("One store serves many threads")
  func concurrency() async throws {
    let store = try hierarchy.store()
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<200 {
        group.addTask { [hierarchy] in
          (try? hierarchy.chain(to: store)) != nil
        }
      }
      for await isValid in group { #expect(isValid) }
    }
  }
}
