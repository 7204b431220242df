import SmartCard

/// A data object in an APDU, by name.
public struct DataField: Equatable, Sendable {
  /// The tag's bytes.
  public let tag: TLV.Tag
  /// What objects of this tag are called; nil where that is not known.
  public let name: String?
  /// The value, empty for an object that holds others, which follow.
  public let value: MaskedBytes
  /// The value in words; nil where it has none or hides something.
  public let meaning: String?
  /// How many objects this one is inside of.
  public let depth: Int

  init(_ tag: TLV.Tag, name: String?, value: MaskedBytes, meaning: String?, depth: Int = 0) {
    self.tag = tag
    self.name = name
    self.value = value
    self.meaning = value.hidesAny ? nil : meaning
    self.depth = depth
  }
}

/// What an APDU's data are made of.
struct DataFields {
  /// More objects in one APDU are not told apart.
  static let maximumCount = 256

  var fields: [DataField] = []
  /// What stands behind the last whole object.
  var rest = MaskedBytes.shown([])
}
