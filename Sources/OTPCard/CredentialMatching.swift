extension [OATHCredential] {
  /// The credential a person means by `text`: the one with exactly this name, else the one with
  /// exactly this label, else the only one whose label contains it, in either case.
  ///
  /// - Throws: `noSuchCredential`, `ambiguousCredential`.
  public func matching(_ text: String) throws(OATHError) -> OATHCredential {
    if let exact = first(where: { $0.name.bytes.elementsEqual(text.utf8) }) { return exact }
    if let exact = try only(where: { $0.name.label.utf8.elementsEqual(text.utf8) }) {
      return exact
    }
    let wanted = text.lowercased()
    if !wanted.isEmpty,
      let similar = try only(where: { $0.name.label.lowercased().contains(wanted) })
    {
      return similar
    }
    throw .noSuchCredential
  }

  private func only(
    where isMeant: (OATHCredential) -> Bool
  ) throws(OATHError) -> OATHCredential? {
    let candidates = filter(isMeant)
    guard candidates.count <= 1 else { throw .ambiguousCredential(candidates.map(\.name)) }
    return candidates.first
  }
}
