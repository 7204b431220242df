import Glibc
import Synchronization

/// A simulated card in vpcd's reader, where PC/SC programs find it.
public final class VPCDCard: Sendable {
  private let socket: StreamSocket
  private let card: any VirtualCard
  private let thread = Mutex<pthread_t?>(nil)

  /// Connects to vpcd.
  public init(
    _ card: any VirtualCard, host: String = "127.0.0.1", port: UInt16 = 35_963
  ) throws(SimulationError) {
    socket = try StreamSocket.connected(host: host, port: port)
    self.card = card
    let started = try startThread(retaining: self) { $0.run() }
    thread.withLock { $0 = started }
  }

  /// Takes the card out of the reader; may be called twice.
  public func stop() {
    shutdown(socket.descriptor, Int32(SHUT_RDWR))
    if let thread = thread.withLock({ $0.take() }) { pthread_join(thread, nil) }
  }

  private func run() {
    while let message = VPCDMessage.read(from: socket) {
      guard let reply = reply(to: message) else { continue }
      guard VPCDMessage.write(reply, to: socket) else { return }
    }
  }

  private func reply(to message: [UInt8]) -> [UInt8]? {
    guard message.count == 1 else { return card.process(message).bytes ?? [0x6F, 0x00] }
    switch message[0] {
    case VPCDMessage.powerOn, VPCDMessage.reset:
      card.powerUp()
      return nil
    case VPCDMessage.getATR: return Self.answerToReset(card.activation)
    default: return nil
    }
  }

  /// The answer to reset PC/SC makes up for a contactless card (part 3, §3.1.3.2.3): historical
  /// bytes of type A, application data and protocol of type B.
  static func answerToReset(_ activation: CardActivation) -> [UInt8] {
    let historical =
      switch activation {
      case .typeA(let activation): DepParameters.historicalBytes(activation.ats ?? [])
      case .typeB(let activation):
        Array(activation.applicationData.prefix(4) + activation.protocolInfo.prefix(3)) + [0x00]
      }
    let bytes = [0x80 | UInt8(historical.count), 0x80, 0x01] + historical
    return [0x3B] + bytes + [bytes.reduce(0, ^)]
  }
}
