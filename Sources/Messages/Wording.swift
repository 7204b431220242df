import Appliance
import SmartOTP

/// All the words of a picture, fit for display; the code itself is not among them.
public struct Wording: Hashable, Sendable {
  /// A line of a transaction.
  public struct Field: Hashable, Sendable {
    public let label: String
    public let value: String

    init(_ label: String, _ value: String) {
      self.label = SafeText.safe(label)
      self.value = SafeText.safe(value)
    }
  }

  public let heading: Texts.Heading
  /// Why the appliance makes no codes, a sentence each.
  public let reasons: [String]
  /// What the customer must see: institution and kind, then the fields in the bank's order.
  public let fields: [Field]
  public let notice: String?
  public let timeLeft: String?

  /// - Returns: nil for a blank picture.
  public init?(_ picture: Picture, in texts: Texts) {
    switch picture.content {
    case .blank: return nil
    case .code(_, let purpose):
      heading =
        purpose.transaction == nil ? texts.screens.codeWithoutTransaction : texts.screens.code
      reasons = []
      fields = []
    case .screen(let screen):
      heading = texts.heading(of: screen)
      reasons = Self.reasons(of: screen, in: texts)
      fields = Self.fields(of: screen, in: texts)
    }
    notice = picture.notice.map(texts.sentence)
    timeLeft = picture.secondsLeft.map { texts.secondsLeft($0) }
  }

  private static func reasons(of screen: Screen, in texts: Texts) -> [String] {
    guard case .restricted(let restrictions) = screen else { return [] }
    return restrictions.map { texts.sentence(for: $0) }
  }

  /// Who wants the confirmation: by name, or by code where there is none that could be the directory's.
  private static func name(of transaction: Transaction) -> String {
    guard let name = transaction.institutionName,
      name.utf8.count <= Institution.maximumNameByteCount,
      name.unicodeScalars.contains(where: { !$0.properties.isWhitespace })
    else { return transaction.institution.text }
    return name
  }

  private static func fields(of screen: Screen, in texts: Texts) -> [Field] {
    guard case .transaction(let transaction, _) = screen else { return [] }
    let head = [
      Field(texts.labels.institution, name(of: transaction)),
      Field(texts.labels.kind, texts.name(of: transaction.kind)),
    ]
    return head
      + transaction.fields.prefix(Transaction.maximumFieldCount).map { Field($0.label, $0.value) }
  }
}
