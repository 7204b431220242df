import Cryptography
import Foundation
import TestMaterial
import Testing

@testable import OneTimePassword

@Suite("Transaction codes")
struct TransactionCodeTests {
  static let vectors = TransactionVector.all

  @Test("The vector file is there")
  func vectorFile() {
    #expect(Self.vectors.count == 6)
  }

  @Test("Canonical form, challenge, HMAC and code are those of the vectors", arguments: vectors)
  func vector(vector: TransactionVector) throws {
    let canonical = try vector.details.canonicalForm()
    #expect(hex(canonical) == vector.canonical)

    let challenge = try challenge(canonical, at: vector.challengeTime)
    #expect(hex(challenge.bytes) == vector.challenge)

    let hmac = hmacFunction(key: hex(vector.key))
    let mac = try hmac(.sha256, challenge.bytes)
    #expect(hex(mac) == vector.hmac)

    let code = try TransactionCode.code(for: challenge, hmac: hmac)
    #expect(code.digitsText == vector.code)

    let truncated = try #require(TruncatedResponse(truncating: mac))
    #expect(TransactionCode.code(from: truncated) == code)
  }

  @Test("Zero bytes of the digest become ones in the challenge")
  func noZeroBytes() {
    let digest: [UInt8] = [0, 1, 2, 0, 0xFF, 0, 3, 0] + [UInt8](repeating: 0, count: 24)
    let challenge = TransactionChallenge(canonicalForm: [], challengeTime: 0) { _ in digest }
    #expect(challenge.bytes == [1, 1, 2, 1, 0xFF, 1, 3, 1])
  }

  @Test("The digest covers the form and the time behind it")
  func digestInput() {
    var hashed: [UInt8] = []
    _ = TransactionChallenge(canonicalForm: [7, 8], challengeTime: 0x0102) {
      hashed = $0
      return [UInt8](repeating: 0, count: 32)
    }
    #expect(hashed == [7, 8, 0, 0, 0, 0, 0, 0, 1, 2])
  }

  @Test("Moving a byte between neighbouring texts changes the form")
  func unambiguous() throws {
    let details = Self.sample
    var moved = details
    moved.vendorCode = details.vendorCode + [details.serial[0]]
    moved.serial = Array(details.serial.dropFirst())
    #expect(try moved.canonicalForm() != details.canonicalForm())
  }

  @Test("The largest sizes are allowed, one more is refused")
  func limits() throws {
    var details = Self.sample
    details.serial = [UInt8](repeating: 0x41, count: 65_535)
    _ = try details.canonicalForm()
    details.serial.append(0x41)
    #expect(throws: TransactionDetailsError.textTooLong(part: 3, byteCount: 65_536)) {
      try details.canonicalForm()
    }

    details = Self.sample
    details.fields = [.init(label: [], value: [UInt8](repeating: 0, count: 65_536))]
    #expect(throws: TransactionDetailsError.textTooLong(part: 6, byteCount: 65_536)) {
      try details.canonicalForm()
    }
    details.fields = Array(repeating: .init(label: [], value: []), count: 65_535)
    _ = try details.canonicalForm()
    details.fields.append(.init(label: [], value: []))
    #expect(throws: TransactionDetailsError.tooManyFields(65_536)) {
      try details.canonicalForm()
    }

    details = Self.sample
    for count in [0, 15, 17] {
      details.nonce = [UInt8](repeating: 0, count: count)
      #expect(throws: TransactionDetailsError.nonceSize(count)) { try details.canonicalForm() }
    }
  }

  private static let sample = TransactionDetails(
    transactionId: Array("T-1".utf8), institutionCode: Array("004".utf8),
    vendorCode: Array("K01".utf8), serial: Array("12345678".utf8), kind: Array("login".utf8),
    fields: [], createdAt: 1, nonce: [UInt8](repeating: 9, count: 16))

  private func challenge(
    _ canonical: [UInt8], at time: UInt64
  ) throws -> TransactionChallenge {
    try TransactionChallenge(canonicalForm: canonical, challengeTime: time) {
      message throws(CryptographyError) in try sha256(message)
    }
  }
}

extension TransactionVector {
  fileprivate var details: TransactionDetails {
    TransactionDetails(
      transactionId: transaction.transactionId, institutionCode: transaction.institutionCode,
      vendorCode: transaction.vendorCode, serial: transaction.serial, kind: transaction.kind,
      fields: transaction.fields.map { ($0.label, $0.value) }, createdAt: transaction.createdAt,
      nonce: hex(transaction.nonce)
    ) { Array($0.precomposedStringWithCanonicalMapping.utf8) }
  }
}
