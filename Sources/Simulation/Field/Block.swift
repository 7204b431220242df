/// A block of the half-duplex block protocol (ISO/IEC 14443-4 §7.1), without its checksum.
struct Block: Equatable {
  enum Kind: Equatable {
    case information(chained: Bool, number: UInt8, [UInt8])
    case acknowledge(number: UInt8)
    case negativeAcknowledge(number: UInt8)
    case deselect
    case waitingTime(multiplier: UInt8)
  }

  var kind: Kind
  var cardIdentifier: UInt8?
  var nodeAddress: UInt8?

  init(kind: Kind, cardIdentifier: UInt8? = nil, nodeAddress: UInt8? = nil) {
    self.kind = kind
    self.cardIdentifier = cardIdentifier
    self.nodeAddress = nodeAddress
  }

  /// Nil for what is no block.
  init?(_ frame: [UInt8]) {
    var rest = frame[...]
    guard let control = rest.popFirst() else { return nil }
    if control & 0x08 != 0 {
      guard let identifier = rest.popFirst() else { return nil }
      cardIdentifier = identifier & 0x0F
    }
    switch control & 0xE2 {
    case 0x02:
      if control & 0x04 != 0 {
        guard let address = rest.popFirst() else { return nil }
        nodeAddress = address
      }
      kind = .information(chained: control & 0x10 != 0, number: control & 1, Array(rest))
    case 0xA2:
      kind =
        control & 0x10 == 0
        ? .acknowledge(number: control & 1) : .negativeAcknowledge(number: control & 1)
    case 0xC2, 0xE2:
      switch control & 0x30 {
      case 0x00: kind = .deselect
      case 0x30:
        guard let value = rest.first else { return nil }
        kind = .waitingTime(multiplier: value & 0x3F)
      default: return nil
      }
    default:
      return nil
    }
  }

  var encoded: [UInt8] {
    var control: UInt8
    var payload: [UInt8] = []
    switch kind {
    case .information(let chained, let number, let data):
      control = 0x02 | number | (chained ? 0x10 : 0)
      payload = data
    case .acknowledge(let number): control = 0xA2 | number
    case .negativeAcknowledge(let number): control = 0xB2 | number
    case .deselect: control = 0xC2
    case .waitingTime(let multiplier):
      control = 0xF2
      payload = [multiplier]
    }
    var head: [UInt8] = []
    if let cardIdentifier {
      control |= 0x08
      head.append(cardIdentifier)
    }
    if let nodeAddress {
      control |= 0x04
      head.append(nodeAddress)
    }
    return [control] + head + payload
  }
}
