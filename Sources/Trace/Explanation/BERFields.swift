import SmartCard

extension DataFields {
  /// BER-TLV data objects and the objects in them, one after the other. Nothing at all when the data
  /// are not made of whole objects, or hide any of their bytes.
  init(berTLV data: MaskedBytes) {
    guard !data.hidesAny,
      let objects = try? TLV.sequence(data.bytes, maximumCount: Self.maximumCount)
    else {
      rest = data
      return
    }
    // Taken from the end; what a card nests adds to this list, never to the stack.
    var waiting = objects.reversed().map { (object: $0, depth: 0) }
    while let (object, depth) = waiting.popLast(), fields.count < Self.maximumCount {
      let children =
        object.tag.isConstructed && depth < Self.deepest ? try? object.children() : nil
      fields.append(DataField(object, depth: depth, isOpened: children != nil))
      waiting += (children ?? []).reversed().map { ($0, depth + 1) }
    }
  }

  private static let deepest = 8
}

extension DataField {
  fileprivate init(_ object: TLV, depth: Int, isOpened: Bool) {
    self.init(
      object.tag, name: BERTag.name(of: object.tag),
      value: .shown(isOpened ? [] : object.value),
      meaning: BERTag.isText(object.tag) ? ShownText.quoted(object.value) : nil, depth: depth)
  }
}

/// Tags of ISO/IEC 7816-4 and of payment applications (EMV Book 3, annex A) that cards show when
/// they are selected.
enum BERTag {
  static func name(of tag: TLV.Tag) -> String? {
    switch tag.rawValue {
    case 0x4F: "application identifier"
    case 0x50: "application label"
    case 0x5F2D: "language preference"
    case 0x61: "application template"
    case 0x62: "file control parameters"
    case 0x64: "file management data"
    case 0x6F: "file control information"
    case 0x7F49: "public key template"
    case 0x79: "coexistent tag allocation authority"
    case 0x80: "file size"
    case 0x82: "file descriptor"
    case 0x83: "file identifier"
    case 0x84: "DF name"
    case 0x87: "priority"
    case 0x8A: "life cycle status"
    case 0x9F11: "issuer code table"
    case 0x9F12: "preferred name"
    case 0x9F38: "PDOL"
    case 0xA5: "proprietary information"
    case 0xBF0C: "issuer's data"
    default: nil
    }
  }

  static func isText(_ tag: TLV.Tag) -> Bool {
    [0x50, 0x5F2D, 0x9F12].contains(tag.rawValue)
  }
}
