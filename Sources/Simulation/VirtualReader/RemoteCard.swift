import Synchronization

/// A card program that has connected to us as it would to vpcd, in the field of our reader.
final class RemoteCard: VirtualCard {
  let activation: CardActivation
  private let socket: Mutex<StreamSocket>
  let descriptor: Int32

  /// A card program that thinks longer is given up.
  private static let patience = Duration.seconds(10)

  init(_ socket: consuming StreamSocket, activation: CardActivation) {
    descriptor = socket.descriptor
    self.socket = Mutex(socket)
    self.activation = activation
  }

  func powerUp() {
    socket.withLock { socket in
      _ = VPCDMessage.write([VPCDMessage.powerOff], to: socket)
      _ = VPCDMessage.write([VPCDMessage.powerOn], to: socket)
    }
  }

  /// The time the program takes is real, so it counts as lateness.
  func process(_ command: [UInt8]) -> CardAnswer {
    // A command of one byte would be a control code.
    guard command.count > 1 else { return CardAnswer([0x67, 0x00]) }
    return socket.withLock { socket in
      let start = MonotonicClock.now
      guard VPCDMessage.write(command, to: socket),
        let response = VPCDMessage.read(from: socket, by: start + Self.patience)
      else { return CardAnswer(nil) }
      var answer = CardAnswer(response)
      answer.lateness = MonotonicClock.now - start
      return answer
    }
  }
}
