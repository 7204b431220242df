import Cryptography
import Synchronization

/// A card with an OATH application.
public final class OATHCard: VirtualCard {
  public let activation: CardActivation
  private let state: Mutex<State>

  private struct State {
    var credentials: [OATHCredential]
    var isSelected = false
  }

  public init(
    activation: CardActivation = .typeA(.isoDEP()), credentials: [OATHCredential] = []
  ) {
    self.activation = activation
    state = Mutex(State(credentials: credentials))
  }

  public func powerUp() { state.withLock { $0.isSelected = false } }

  public func process(_ command: [UInt8]) -> CardAnswer {
    state.withLock { state in
      guard command.count >= 4 else { return CardAnswer([0x67, 0x00]) }
      let data = Array(command.dropFirst(5).prefix(Int(command.count > 4 ? command[4] : 0)))
      switch (command[0], command[1]) {
      case (0x00, 0xA4) where command[2] == 0x04: return select(data, &state)
      case (0x00, 0xA2) where state.isSelected:
        return CardAnswer(
          calculate(data, truncated: command[3] == 1, state), computing: .milliseconds(5))
      default: return CardAnswer(state.isSelected ? [0x6D, 0x00] : [0x69, 0x85])
      }
    }
  }

  private func select(_ data: [UInt8], _ state: inout State) -> CardAnswer {
    let application: [UInt8] = [0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01]
    guard !data.isEmpty, (application + [0x01]).starts(with: data) else {
      return CardAnswer([0x6A, 0x82])
    }
    state.isSelected = true
    return CardAnswer(
      [0x79, 3, 5, 4, 3, 0x71, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0x90, 0x00], computing: .milliseconds(2))
  }

  private func calculate(_ data: [UInt8], truncated: Bool, _ state: State) -> [UInt8] {
    guard data.count >= 2, data[0] == 0x71 else { return [0x6A, 0x80] }
    let name = data.dropFirst(2).prefix(Int(data[1]))
    let challenge = data.dropFirst(4 + name.count)
    guard let credential = state.credentials.first(where: { $0.name.elementsEqual(name) }) else {
      return [0x69, 0x84]
    }
    let hash: Hash =
      switch credential.algorithm {
      case .sha1: .sha1
      case .sha256: .sha256
      case .sha512: .sha512
      }
    guard
      let code = try? hmac(hash, key: SecretBytes(credential.key), message: Array(challenge))
    else { return [0x6F, 0x00] }
    guard truncated else {
      return [0x75, UInt8(code.count + 1), credential.digits] + code + [0x90, 0x00]
    }
    let offset = Int(code[code.count - 1] & 0x0F)
    var part = Array(code[offset..<offset + 4])
    part[0] &= 0x7F
    return [0x76, 5, credential.digits] + part + [0x90, 0x00]
  }
}
