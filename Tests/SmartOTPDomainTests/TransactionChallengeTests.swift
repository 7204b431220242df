import Foundation
import OneTimePassword
import SmartOTP
import TestMaterial
import Testing

@Suite("A transaction's challenge")
struct TransactionChallengeTests {
  static let vectors = TransactionVector.all

  @Test("The vector file is there")
  func vectorFile() { #expect(Self.vectors.count == 6) }

  @Test("It is that of the vectors", arguments: vectors)
  func vector(vector: TransactionVector) throws {
    #expect(try vector.claimed().challenge().bytes.hexadecimal == vector.challenge)
  }

  @Test("It is the same after a journey through JSON", arguments: vectors)
  func journey(vector: TransactionVector) throws {
    let received = try JSONDecoder().decode(
      Transaction.self, from: JSONEncoder().encode(vector.claimed()))
    #expect(received == (try vector.claimed()))
    #expect(try received.challenge().bytes.hexadecimal == vector.challenge)
  }

  @Test("Without a claim, or with a nonce of another size, there is none")
  func missing() throws {
    var transaction = try #require(Self.vectors.first).claimed()
    transaction.challengeTime = nil
    #expect(throws: ChallengeError.notClaimed) { try transaction.challenge() }
    transaction.challengeTime = UnixTime(-1)
    #expect(throws: ChallengeError.notClaimed) { try transaction.challenge() }
  }

  @Test("A claim keeps a transaction from expiring while its code may come")
  func expiry() throws {
    var transaction = try #require(Self.vectors.first).claimed()
    transaction.challengeTime = nil
    let end = transaction.expiresAt
    #expect(!transaction.hasExpired(at: end + -1))
    #expect(transaction.hasExpired(at: end))
    transaction.challengeTime = end + -1
    #expect(!transaction.hasExpired(at: end + 178))
    #expect(transaction.hasExpired(at: end + 179))
  }
}

@Suite("Hexadecimal")
struct HexadecimalTests {
  @Test("Either case reads, lower case is written")
  func both() {
    #expect([UInt8](hexadecimal: "00fFA1") == [0x00, 0xFF, 0xA1])
    #expect([UInt8]([0x00, 0xFF, 0xA1]).hexadecimal == "00ffa1")
  }

  @Test("Anything else is no bytes", arguments: ["0", "0g", "0x00", " 00", "００"])
  func refused(text: String) { #expect([UInt8](hexadecimal: text) == nil) }
}

extension TransactionVector {
  /// The texts in normalisation form C, as the centre keeps them.
  fileprivate func claimed() throws -> SmartOTP.Transaction {
    let createdAt = UnixTime(Int64(transaction.createdAt))
    return SmartOTP.Transaction(
      id: try TransactionID(transaction.transactionId),
      institution: try InstitutionCode(transaction.institutionCode),
      card: CardIdentity(
        vendorCode: try VendorCode(transaction.vendorCode), serial: try Serial(transaction.serial)),
      kind: try #require(TransactionKind(rawValue: transaction.kind)),
      fields: transaction.fields.map {
        TransactionField(
          label: $0.label.precomposedStringWithCanonicalMapping,
          value: $0.value.precomposedStringWithCanonicalMapping)
      }, reference: nil, state: .claimed, createdAt: createdAt, expiresAt: createdAt + 300,
      attemptsLeft: 5, nonce: transaction.nonce, challengeTime: UnixTime(Int64(challengeTime)))
  }
}
