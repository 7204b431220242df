/// A MIFARE Classic with 1 KB: it is found, and refuses every authentication.
public final class MIFAREClassicCard: VirtualCard {
  public let activation: CardActivation

  public init(uid: [UInt8] = [0x2C, 0x8E, 0x41, 0x9B]) {
    activation = .typeA(TypeAActivation(atqa: [0x00, 0x04], sak: 0x08, uid: uid, ats: nil))
  }

  public func process(_ command: [UInt8]) -> CardAnswer { CardAnswer(nil) }
}

/// A MIFARE Ultralight: 64 bytes that can be read, four pages at a time.
public final class MIFAREUltralightCard: VirtualCard {
  public let activation: CardActivation
  private let memory: [UInt8]

  public init(uid: [UInt8] = [0x04, 0x51, 0x7C, 0x2A, 0x93, 0x40, 0x81]) {
    activation = .typeA(TypeAActivation(atqa: [0x00, 0x44], sak: 0x00, uid: uid, ats: nil))
    let padded = Array((uid + [UInt8](repeating: 0, count: 7)).prefix(7))
    let first = padded[0..<3] + [padded[0..<3].reduce(0x88, ^)]
    let second = padded[3..<7] + [padded[3..<7].reduce(0, ^)]
    memory = Array(first + second) + [UInt8](repeating: 0, count: 55)
  }

  public func process(_ command: [UInt8]) -> CardAnswer {
    guard command.count == 2, command[0] == 0x30, command[1] < 16 else { return CardAnswer(nil) }
    let start = Int(command[1]) * 4
    return CardAnswer((0..<16).map { memory[(start + $0) % 64] })
  }
}
