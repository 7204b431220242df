import SmartOTP
import Testing

@testable import Appliance
@testable import Messages

@Suite struct WordingTests {
  static let transaction = Transaction(
    id: TransactionID(accepted: "T-1"), institution: InstitutionCode(accepted: "004"),
    card: CardIdentity(
      vendorCode: VendorCode(accepted: "K01"), serial: Serial(accepted: "12345678")),
    kind: .transfer,
    fields: [
      TransactionField(label: "payee", value: "시험용 수취인"),
      TransactionField(label: "amount", value: "KRW 1500000\u{1B}[2J"),
    ], reference: "R-77", state: .claimed, createdAt: UnixTime(0), expiresAt: UnixTime(300),
    attemptsLeft: 5, nonce: "000102030405060708090a0b0c0d0e0f", challengeTime: UnixTime(1))

  @Test("A transaction is told with institution, kind, and every field in the bank's order")
  func transaction() throws {
    let picture = Picture(
      .screen(.transaction(Self.transaction, until: Moment(milliseconds: 0))), secondsLeft: 59,
      language: .korean)
    let wording = try #require(Wording(picture, in: .full(.korean)))
    #expect(wording.heading.headline == "거래 내용을 확인해 주십시오")
    #expect(wording.fields.map(\.label) == ["금융기관", "구분", "payee", "amount"])
    #expect(
      wording.fields.map(\.value) == ["004", "이체", "시험용 수취인", "KRW 1500000\u{FFFD}[2J"])
    #expect(wording.timeLeft == "59초 남았습니다")
    #expect(wording.notice == nil)
  }

  private static func institution(named name: String?) throws -> String? {
    var transaction = transaction
    transaction.institutionName = name
    let picture = Picture(.screen(.transaction(transaction, until: Moment(milliseconds: 0))))
    return try #require(Wording(picture, in: .full(.english))).fields.first?.value
  }

  @Test("An institution is told by its name, made fit for display")
  func institutionName() throws {
    #expect(try Self.institution(named: "한강은행") == "한강은행")
    #expect(try Self.institution(named: "Bank\u{202E}knab\n") == "Bank\u{FFFD}knab\u{FFFD}")
  }

  @Test(
    "Without a name that the directory could have, it is told by its code",
    arguments: [nil, "", " \u{3000}", String(repeating: "가", count: 43)])
  func institutionCode(name: String?) throws {
    #expect(try Self.institution(named: name) == "004")
  }

  @Test("The bank's own reference and the code are in no wording")
  func secrets() throws {
    let code = ShownCode([4, 8, 1, 5, 1, 6], number: 1)
    let picture = Picture(
      .code(code, for: .transaction(Self.transaction)), notice: .closed, secondsLeft: 7)
    let wording = try #require(Wording(picture, in: .full(.english)))
    #expect(!"\(wording)".contains("481516") && !"\(wording)".contains("R-77"))
    #expect(wording.fields.isEmpty)
    #expect(wording.notice == "The transaction has ended.")
  }

  @Test("Every restriction is told")
  func restrictions() throws {
    let picture = Picture(.screen(.restricted([.copiedState, .platformTooOld])))
    let wording = try #require(Wording(picture, in: .short))
    #expect(wording.reasons == ["Register again", "System too old"])
  }

  @Test("A blank picture has no words")
  func blank() {
    #expect(Wording(Picture(.blank, secondsLeft: 3), in: .short) == nil)
  }
}
