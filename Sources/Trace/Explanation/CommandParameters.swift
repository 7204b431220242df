import SmartCard

extension CommandExplanation {
  /// What P1, P2 and, of a SELECT, the data say.
  static func parameterText(
    of command: CommandAPDU, data: MaskedBytes, in dialect: Dialect
  ) -> String? {
    let (p1, p2) = (command.p1, command.p2)
    if dialect == .foreign { return numbers(p1, p2) }
    if command.selectsApplication { return selectionText(of: command, data) }
    if dialect == .oath, InstructionName.oath(command.ins) != nil {
      switch command.ins {
      case 0xA2, 0xA4: return p2 == 0x01 ? "truncated" : "whole response"
      case 0x04 where (p1, p2) == (0xDE, 0xAD): return nil
      default: return (p1, p2) == (0, 0) ? nil : numbers(p1, p2)
      }
    }
    switch command.ins {
    case 0xB0, 0xD0, 0xD6, 0x0E:
      return p1 & 0x80 == 0
        ? "at offset \(UInt16(p1) << 8 | UInt16(p2))" : "file \(p1 & 0x1F), at offset \(p2)"
    case 0xB2, 0xD2, 0xDC: return "record \(p1)\(p2 >> 3 == 0 ? "" : " of file \(p2 >> 3)")"
    case 0xCA, 0xCB, 0xDA, 0xDB: return "object \(Hexadecimal.text([p1, p2]))"
    case 0x20, 0x24, 0x2C: return "secret \(p2 & 0x1F)"
    default: return (p1, p2) == (0, 0) ? nil : numbers(p1, p2)
    }
  }

  /// ISO/IEC 7816-4, 7.1.1.
  private static func selectionText(of command: CommandAPDU, _ data: MaskedBytes) -> String {
    let value = data.isEmpty ? "" : " \(data.text(atMost: 16))"
    switch command.p1 {
    case 0x00 where data.isEmpty: return "the root"
    case 0x00, 0x02: return "file\(value)"
    case 0x01: return "directory\(value)"
    case 0x03: return "the parent directory"
    case 0x04 where data.isEmpty: return "the default application"
    case 0x04:
      let name = data.hidesAny ? nil : KnownApplication.name(of: data.bytes)
      return "application\(value)\(name.map { ", \($0)" } ?? "")"
    case 0x08, 0x09: return "path\(value)"
    default: return "\(numbers(command.p1, command.p2))\(value)"
    }
  }

  private static func numbers(_ p1: UInt8, _ p2: UInt8) -> String {
    "P1 \(Hexadecimal.text([p1])) P2 \(Hexadecimal.text([p2]))"
  }
}
