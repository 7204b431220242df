/// Activation data no honest card has, as a chip would hand it to its host.
public enum HostileActivation {
  /// Every case by name.
  public static let all: [(name: String, activation: CardActivation)] =
    answersToSelect + identifiers + answersToRequestB

  /// An answer to select whose length byte lies, with what is really there.
  private static let answersToSelect: [(name: String, activation: CardActivation)] = [
    ("ats-length-0", typeA(ats: [0x00])),
    ("ats-length-0-with-bytes", typeA(ats: [0x00, 0x78, 0x80, 0x81])),
    ("ats-length-1", typeA(ats: [0x01])),
    ("ats-length-2-promises-all", typeA(ats: [0x02, 0x78])),
    ("ats-length-255", typeA(ats: [0xFF] + [UInt8](repeating: 0x78, count: 4))),
    ("ats-longer-than-sent", typeA(ats: [0x14, 0x78, 0x80, 0x81, 0x00])),
    ("ats-shorter-than-sent", typeA(ats: [0x03, 0x78, 0x80, 0x81, 0x00, 0x41, 0x42])),
    ("ats-254-bytes", typeA(ats: [0xFE] + [UInt8](repeating: 0x80, count: 253))),
    ("ats-reserved-values", typeA(ats: [0x05, 0x7F, 0xFF, 0xFF, 0xFF])),
  ]

  private static let identifiers: [(name: String, activation: CardActivation)] =
    (0...20).map {
      (
        "uid-length-\($0)",
        typeA(uid: (0..<UInt8($0)).map { $0 &+ 1 }, ats: [0x05, 0x78, 0x80, 0x81, 0x00])
      )
    } + [
      ("uid-length-lies", reported([0x00, 0x44, 0x20, 0xFF, 0x01, 0x02, 0x03, 0x04])),
      ("nothing-after-target-number", reported([])),
      ("one-byte-of-atqa", reported([0x00])),
      ("no-uid-length", reported([0x00, 0x44, 0x20])),
    ]

  private static let answersToRequestB: [(name: String, activation: CardActivation)] =
    (0..<13).map { ("atqb-cut-to-\($0)", typeB(Array(atqb.prefix($0)))) } + [
      ("atqb-attrib-length-lies", typeB(atqb.prefix(12) + [0xFF, 0x01])),
      ("atqb-not-50", typeB([0x51] + atqb.dropFirst())),
    ]

  private static let atqb: [UInt8] =
    [0x50, 0x1B, 0x3C, 0x5D, 0x7E, 0, 0, 0, 0, 0x00, 0x81, 0x81, 0x01, 0x01]

  private static func typeA(
    uid: [UInt8] = [0x04, 0xA2, 0x3B, 0x1C, 0x5D, 0x6E, 0x80], ats: [UInt8]
  ) -> CardActivation {
    reported([0x00, 0x44, 0x20, UInt8(uid.count)] + uid + ats)
  }

  private static func reported(_ data: [UInt8]) -> CardActivation {
    var activation = TypeAActivation.isoDEP()
    activation.reportedData = data
    return .typeA(activation)
  }

  private static func typeB(_ data: [UInt8]) -> CardActivation {
    var activation = TypeBActivation()
    activation.reportedData = data
    return .typeB(activation)
  }
}
