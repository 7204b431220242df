/// A command to a card (ISO/IEC 7816-4, 5.1).
public struct CommandAPDU: Hashable, Sendable {
  public var cla: UInt8
  public var ins: UInt8
  public var p1: UInt8
  public var p2: UInt8
  /// The command data field; at most 65,535 bytes.
  public var data: [UInt8]
  /// Ne, the most response bytes expected, 1...65,536; nil sends no Le field.
  public var expectedLength: Int?

  /// The most bytes a command data field holds.
  public static let maximumData = 65_535
  /// The greatest Ne.
  public static let maximumExpectedLength = 65_536

  /// Any values are taken; `encoded(extended:)` refuses those that have no encoding.
  public init(
    cla: UInt8, ins: UInt8, p1: UInt8, p2: UInt8, data: [UInt8] = [], expectedLength: Int? = nil
  ) {
    self.cla = cla
    self.ins = ins
    self.p1 = p1
    self.p2 = p2
    self.data = data
    self.expectedLength = expectedLength
  }
}

#if !hasFeature(Embedded)
  /// Shows header and lengths. The data may be a key, so it stays out.
  extension CommandAPDU: CustomStringConvertible, CustomReflectable {
    public var description: String {
      let header = Hexadecimal.text([cla, ins, p1, p2])
      let expected = expectedLength.map { ", Ne \($0)" } ?? ""
      return "\(header), \(data.count) data bytes\(expected)"
    }

    public var customMirror: Mirror {
      Mirror(self, children: ["summary": description], displayStyle: .struct)
    }
  }
#endif
