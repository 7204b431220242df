import SmartCard

/// Data object tags of the YKOATH protocol.
extension TLV.Tag {
  static let name: TLV.Tag = 0x71
  static let nameList: TLV.Tag = 0x72
  static let key: TLV.Tag = 0x73
  static let challenge: TLV.Tag = 0x74
  static let fullResponse: TLV.Tag = 0x75
  static let truncatedResponse: TLV.Tag = 0x76
  /// In CALCULATE ALL: a HOTP credential, not calculated.
  static let counterBased: TLV.Tag = 0x77
  /// Followed by one value byte and no length byte.
  static let property: TLV.Tag = 0x78
  static let version: TLV.Tag = 0x79
  static let initialMovingFactor: TLV.Tag = 0x7A
  static let algorithm: TLV.Tag = 0x7B
  /// In CALCULATE ALL: the credential wants a touch, not calculated.
  static let touchRequired: TLV.Tag = 0x7C
}
