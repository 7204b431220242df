/// What a transaction code vouches for: who, what, when, and a nonce of the centre's.
///
/// All text is UTF-8 in Unicode normalisation form C. Normalising is the duty of whoever takes text
/// in from outside, once; from there on the bytes are passed along as they are. This module only
/// counts them: it must run where there are no Unicode tables.
public struct TransactionDetails: Equatable, Sendable {
  /// A labelled value that the customer must see.
  public struct Field: Equatable, Sendable {
    public var label: [UInt8]
    public var value: [UInt8]

    public init(label: [UInt8], value: [UInt8]) {
      self.label = label
      self.value = value
    }
  }

  public static let nonceByteCount = 16

  public var transactionId: [UInt8]
  public var institutionCode: [UInt8]
  public var vendorCode: [UInt8]
  public var serial: [UInt8]
  public var kind: [UInt8]
  public var fields: [Field]
  /// Unix time in seconds.
  public var createdAt: UInt64
  /// 16 bytes, drawn after the rest was fixed.
  public var nonce: [UInt8]

  public init(
    transactionId: [UInt8], institutionCode: [UInt8], vendorCode: [UInt8], serial: [UInt8],
    kind: [UInt8], fields: [Field], createdAt: UInt64, nonce: [UInt8]
  ) {
    self.transactionId = transactionId
    self.institutionCode = institutionCode
    self.vendorCode = vendorCode
    self.serial = serial
    self.kind = kind
    self.fields = fields
    self.createdAt = createdAt
    self.nonce = nonce
  }
}

/// Why details have no canonical form.
public enum TransactionDetailsError: Error, Equatable, Sendable {
  /// A text, named by its place in the canonical form, has more than 65,535 bytes.
  case textTooLong(part: Int, byteCount: Int)
  /// More than 65,535 fields.
  case tooManyFields(Int)
  /// The nonce does not have 16 bytes.
  case nonceSize(Int)
}

#if !hasFeature(Embedded)
  extension TransactionDetails {
    /// Details from text of any normalisation form.
    ///
    /// - Parameter normalize: gives a text's UTF-8 in normalisation form C.
    public init(
      transactionId: String, institutionCode: String, vendorCode: String, serial: String,
      kind: String, fields: [(label: String, value: String)], createdAt: UInt64, nonce: [UInt8],
      normalize: (String) -> [UInt8]
    ) {
      self.init(
        transactionId: normalize(transactionId), institutionCode: normalize(institutionCode),
        vendorCode: normalize(vendorCode), serial: normalize(serial), kind: normalize(kind),
        fields: fields.map { Field(label: normalize($0.label), value: normalize($0.value)) },
        createdAt: createdAt, nonce: nonce)
    }
  }
#endif
