import Appliance
import Messages
import NIOCore
import SmartOTP

/// What `GET /v1/session` says: the picture, as a branch's own screen shows it.
struct SessionPicture: Encodable, Sendable {
  struct Details: Encodable, Sendable {
    let id: TransactionID
    let institution: InstitutionCode
    let institutionName: String?
    let kind: TransactionKind
    let fields: [TransactionField]
  }

  /// Words fit for display, in the language of the answer.
  struct Words: Encodable, Sendable {
    let headline: String
    let detail: String
    let reasons: [String]
    let fields: [TransactionField]
    let notice: String?
    let timeLeft: String?
  }

  /// As in the status; absent while the appliance shows nothing.
  let phase: ApplianceStatus.Phase?
  let language: Language
  /// Absent while the appliance shows nothing.
  let words: Words?
  /// The notice's name for programs.
  let notice: String?
  let secondsLeft: Int?
  /// What the customer is asked to confirm, as the bank wrote it.
  let transaction: Details?
  /// Which one waits for its card.
  let offered: TransactionID?
  let restrictions: [Restriction]?
  let centerIsThere: Bool?

  init(_ picture: Picture, language: Language) {
    self.language = language
    words = Wording(picture, in: .full(language)).map(Words.init)
    notice = picture.notice?.key
    secondsLeft = picture.secondsLeft
    phase = picture.content.phase
    transaction = picture.content.transaction.map {
      Details(
        id: $0.id, institution: $0.institution, institutionName: $0.institutionName,
        kind: $0.kind, fields: $0.fields)
    }
    guard case .screen(let screen) = picture.content else {
      offered = nil
      restrictions = nil
      centerIsThere = nil
      return
    }
    offered = if case .tapCard(let offer) = screen { offer.transaction } else { nil }
    restrictions = if case .restricted(let found) = screen { found } else { nil }
    centerIsThere =
      switch screen {
      case .idle(let isThere): isThere
      case .idleForPlainCodes, .plainCode: false
      default: nil
      }
  }

  /// The message, with the code as its last key if there is one. The code is in no other place than
  /// the bytes that are returned.
  func encoded(with code: ShownCode?) throws -> Answer {
    let message = try MessageCoding.encode(self)
    let content: ByteBuffer? = code?.withDigits { digits in
      digits.isEmpty ? nil : Self.append(digits, to: message)
    }
    var answer = Answer(.ok, "application/json", message)
    if let content { answer.content = .secret(SecretContent(content)) }
    return answer
  }

  private static func append(_ digits: borrowing [UInt8], to message: ByteBuffer) -> ByteBuffer {
    let key: StaticString = ",\"code\":\""
    var content = ByteBuffer()
    content.reserveCapacity(
      message.readableBytes + key.utf8CodeUnitCount + digits.count + 2)
    content.writeImmutableBuffer(
      message.getSlice(at: 0, length: message.readableBytes - 1) ?? message)
    content.writeStaticString(key)
    for index in digits.indices { content.writeInteger(UInt8(ascii: "0") &+ digits[index]) }
    content.writeStaticString("\"}")
    return content
  }
}

extension Picture.Content {
  fileprivate var phase: ApplianceStatus.Phase? {
    switch self {
    case .blank: nil
    case .code: .showing
    case .screen(let screen):
      switch screen {
      case .restricted: .restricted
      case .readerLost: .readerLost
      case .idle, .idleForPlainCodes: .idle
      case .tapCard: .awaitingCard
      case .reading: .identifying
      case .transaction, .plainCode: .presenting
      case .making: .generating
      }
    }
  }

  fileprivate var transaction: Transaction? {
    switch self {
    case .code(_, for: let purpose): purpose.transaction
    case .screen(.transaction(let transaction, until: _)): transaction
    case .blank, .screen: nil
    }
  }
}

extension SessionPicture.Words {
  fileprivate init(_ wording: Wording) {
    headline = wording.heading.headline
    detail = wording.heading.detail
    reasons = wording.reasons
    fields = wording.fields.map { TransactionField(label: $0.label, value: $0.value) }
    notice = wording.notice
    timeLeft = wording.timeLeft
  }
}
