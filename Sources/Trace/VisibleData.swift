/// What a trace may show of an APDU's data field. Whatever is not named here is masked.
enum VisibleData: Equatable {
  case nothing
  /// An application identifier, which is no secret.
  case applicationIdentifier
  /// Tags and lengths of data objects, and the values of those with these tags.
  case objects([UInt8])
}

/// What a command and its response may show.
struct VisibleExchange {
  var command = VisibleData.nothing
  var response = VisibleData.nothing

  static let selectOATH = VisibleExchange(
    command: .applicationIdentifier,
    response: .objects([OATHTag.version, OATHTag.name, OATHTag.challenge, OATHTag.algorithm]))
  static let selectOther = VisibleExchange(command: .applicationIdentifier)

  /// The commands of the OATH application (YKOATH). Never shown: keys (73), responses whole or
  /// truncated (75, 76), and both sides' challenges under the access key.
  static func oath(instruction: UInt8, p1: UInt8, p2: UInt8) -> VisibleExchange {
    switch (instruction, p1, p2) {
    case (0x01, _, _):  // PUT
      objects(command: [OATHTag.name, OATHTag.property, OATHTag.movingFactor])
    case (0x02, _, _), (0x05, _, _):  // DELETE, RENAME
      objects(command: [OATHTag.name])
    case (0x03, _, _), (0xA3, _, _):  // SET CODE, VALIDATE
      objects()
    case (0xA1, _, _):  // LIST
      objects(response: [OATHTag.nameList])
    case (0xA2, _, _):  // CALCULATE
      objects(command: [OATHTag.name, OATHTag.challenge])
    case (0xA4, 0x00, 0x01):  // CALCULATE ALL
      objects(
        command: [OATHTag.challenge], response: [OATHTag.name, OATHTag.hotp, OATHTag.touch])
    default:
      VisibleExchange()
    }
  }

  private static func objects(
    command: [UInt8] = [], response: [UInt8] = []
  ) -> VisibleExchange {
    VisibleExchange(command: .objects(command), response: .objects(response))
  }
}

/// The tags of YKOATH.
enum OATHTag {
  static let name: UInt8 = 0x71
  static let nameList: UInt8 = 0x72
  static let challenge: UInt8 = 0x74
  static let hotp: UInt8 = 0x77
  static let property: UInt8 = 0x78
  static let version: UInt8 = 0x79
  static let movingFactor: UInt8 = 0x7A
  static let algorithm: UInt8 = 0x7B
  static let touch: UInt8 = 0x7C

  static let all: ClosedRange<UInt8> = 0x71...0x7C
}
