import SmartOTP

/// A transaction as the customer reads it.
enum TransactionText {
  /// A line for the kind, then one for each field. Characters that would move the cursor or turn the
  /// text's direction are shown as `?`: what is read must be what is vouched for.
  static func text(_ transaction: Transaction) -> String {
    let labels = transaction.fields.map { visible($0.label) }
    let width = labels.map(\.count).max() ?? 0
    let lines = zip(labels, transaction.fields).map { label, field in
      "  \(label)\(String(repeating: " ", count: width - label.count))  \(visible(field.value))"
    }
    return (["\(title(transaction.kind)), \(institution(of: transaction))"] + lines)
      .joined(separator: "\n")
  }

  private static func institution(of transaction: Transaction) -> String {
    guard let name = transaction.institutionName else {
      return "institution \(transaction.institution)"
    }
    return "\(visible(name)) (institution \(transaction.institution))"
  }

  private static func title(_ kind: TransactionKind) -> String {
    switch kind {
    case .transfer: "Transfer"
    case .certificateReissue: "Certificate re-issue"
    case .login: "Login"
    case .other: "Transaction"
    }
  }

  static func visible(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            "?"
          default: scalar
          }
        }))
  }
}
