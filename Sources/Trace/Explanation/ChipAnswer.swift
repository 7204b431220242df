import PN53x
import SmartCard

/// A chip's answer in words.
struct ChipAnswer {
  var status: UInt8?
  var text: String
  var isFailure = false

  init(_ bytes: [UInt8], to command: [UInt8]) {
    switch command.first {
    case 0x02: self.init(text: Self.firmware(bytes))
    case 0x04: self.init(text: Self.generalStatus(bytes))
    case 0x4A: self.init(text: Self.targets(bytes, kind: command.count > 2 ? command[2] : nil))
    case 0x00 where command.count > 1: self.init(diagnosis: bytes, test: command[1])
    case let code? where Self.answersStatus.contains(code): self.init(status: bytes)
    default: self.init(text: bytes.isEmpty ? "done" : "\(ShownText.byteCount(bytes.count))")
    }
  }

  /// Commands whose answers begin with a status byte.
  private static let answersStatus: Set<UInt8> = [
    0x16, 0x38, 0x40, 0x42, 0x44, 0x46, 0x48, 0x4E, 0x50, 0x52, 0x54, 0x56, 0x86, 0x88, 0x8E, 0x90,
    0x92, 0x94,
  ]

  private init(status bytes: [UInt8]) {
    guard let first = bytes.first else {
      self.init(text: "an answer without its status byte", isFailure: true)
      return
    }
    let data = bytes.count > 1 ? ", \(ShownText.byteCount(bytes.count - 1))" : ""
    self.init(
      status: first, text: Self.text(status: first) + data,
      isFailure: !ChipStatus(rawValue: first).isSuccess)
  }

  private init(status: UInt8? = nil, text: String, isFailure: Bool = false) {
    self.status = status
    self.text = text
    self.isFailure = isFailure
  }

  static func text(status byte: UInt8) -> String {
    let status = ChipStatus(rawValue: byte)
    if status.isSuccess { return "success\(status.hasMoreInformation ? ", more to come" : "")" }
    return "status \(Hexadecimal.text([byte])), \(status.explanation)"
  }

  /// Tests answer 00 for passed (UM0701-02, 7.2.1); the one of the line gives back its bytes.
  private init(diagnosis bytes: [UInt8], test: UInt8) {
    switch (test, bytes.first) {
    case (0x00, 0x00?):
      self.init(
        status: 0, text: "the same \(ShownText.byteCount(bytes.count - 1))", isFailure: false)
    case (0x01, 0x00?), (0x02, 0x00?), (0x07, 0x00?):
      self.init(status: 0, text: "passed", isFailure: false)
    case (0x01, 0xFF?), (0x02, 0xFF?):
      self.init(status: 0xFF, text: "failed", isFailure: true)
    case (0x06, _), (0x07, _): self.init(status: bytes)
    default: self.init(text: "\(ShownText.byteCount(bytes.count))")
    }
  }

  private static func firmware(_ bytes: [UInt8]) -> String {
    guard let version = try? FirmwareVersion(parsing: bytes) else {
      return "a version of unknown form, \(MaskedBytes.shown(bytes).text(atMost: 16))"
    }
    let chip =
      switch version.chip {
      case .pn531: "PN531"
      case .pn532: "PN532"
      case .pn533: "PN533"
      case .unknown: "unknown chip \(Hexadecimal.text(bytes.prefix(1)))"
      }
    let support = [(UInt8(0x01), "type A"), (0x02, "type B"), (0x04, "ISO 18092")]
      .filter { version.support & $0.0 != 0 }.map(\.1)
    return (["\(chip) \(version.version).\(version.revision)"] + support).joined(separator: ", ")
  }

  /// Last error, external field, number of targets (7.2.3).
  private static func generalStatus(_ bytes: [UInt8]) -> String {
    guard bytes.count >= 3 else { return "\(ShownText.byteCount(bytes.count))" }
    return
      "last error \(Hexadecimal.text([bytes[0]])) (\(ChipStatus(rawValue: bytes[0]).explanation))"
      + ", external field \(bytes[1] == 0 ? "off" : "on"), targets: \(bytes[2])"
  }

  private static func targets(_ bytes: [UInt8], kind: UInt8?) -> String {
    guard let count = bytes.first else { return "an answer without a count" }
    if count == 0 { return "no target" }
    guard let kind = kind.flatMap(TargetKind.init(rawValue:)) else { return "targets: \(count)" }
    do throws(ChipAnswerError) {
      let targets = try PassiveTarget.list(bytes, kind: kind)
      let texts = targets.map { "uid \(Hexadecimal.text($0.identifier))" }
      return "\(count) target\(count == 1 ? "" : "s"), \(texts.joined(separator: ", "))"
    } catch {
      return error.explanation
    }
  }
}
