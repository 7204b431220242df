import SmartOTP

extension TransactionRequest: ClientMessage {
  func accepted() throws(Refusal) -> TransactionRequest {
    guard fields.count <= Transaction.maximumFieldCount else {
      throw Refusal(.invalidValue, "fields: at most \(Transaction.maximumFieldCount)")
    }
    let range = Transaction.lifetimeSecondsRange
    if let lifetimeSeconds, !range.contains(lifetimeSeconds) {
      throw Refusal(
        .invalidValue, "lifetimeSeconds: \(range.lowerBound) to \(range.upperBound)")
    }
    var fields: [TransactionField] = []
    for (index, field) in self.fields.enumerated() {
      fields.append(try field.accepted(as: "fields.\(index)"))
    }
    return TransactionRequest(
      card: card, kind: kind, fields: fields,
      reference: try reference?.accepted(as: "reference", byteCounts: TextLimits.reference),
      lifetimeSeconds: lifetimeSeconds)
  }
}

extension TransactionField {
  fileprivate func accepted(as key: String) throws(Refusal) -> TransactionField {
    TransactionField(
      label: try label.accepted(
        as: "\(key).label", byteCounts: 1...Transaction.maximumLabelByteCount),
      value: try value.accepted(
        as: "\(key).value", byteCounts: 0...Transaction.maximumValueByteCount))
  }
}
