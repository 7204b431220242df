import Glibc
import Synchronization

/// Waits for card programs as vpcd does, and puts each that connects into a reader's field until
/// it goes. One at a time.
public final class CardProgramPort: Sendable {
  /// Where programs connect.
  public let port: UInt16
  private let listener: StreamSocket
  private let reader: SimulatedReader
  private let activation: CardActivation
  private let doorbell: Doorbell
  private let thread = Mutex<pthread_t?>(nil)
  private let isStopping = Atomic(false)

  /// - Parameters:
  ///   - host: The address to wait at; loopback unless told otherwise.
  ///   - port: 0 picks a free one.
  public init(
    reader: SimulatedReader, host: String = "127.0.0.1", port: UInt16 = 35_963,
    activation: CardActivation = .typeA(.isoDEP())
  ) throws(SimulationError) {
    listener = try StreamSocket.listening(host: host, port: port)
    doorbell = try Doorbell()
    self.port = listener.localPort
    self.reader = reader
    self.activation = activation
    let started = try startThread(retaining: self) { $0.run() }
    thread.withLock { $0 = started }
  }

  /// Ends it; may be called twice. A program that is connected is cut off.
  public func stop() {
    isStopping.store(true, ordering: .releasing)
    doorbell.ring()
    if let thread = thread.withLock({ $0.take() }) { pthread_join(thread, nil) }
  }

  private func run() {
    while !isStopping.load(ordering: .acquiring) {
      Waiting.untilReadable([listener.descriptor, doorbell.descriptor], or: nil)
      guard !isStopping.load(ordering: .acquiring), let socket = listener.accepted() else {
        continue
      }
      let card = RemoteCard(socket, activation: activation)
      reader.insert(card)
      waitForHangUp(card.descriptor)
      reader.remove(card)
    }
  }

  /// The bytes are the card's to read; only the end is awaited here.
  private func waitForHangUp(_ descriptor: Int32) {
    let hangUp: Int16 = 0x2000  // POLLRDHUP, which Glibc's module does not have
    var descriptors = [
      pollfd(fd: descriptor, events: hangUp, revents: 0),
      pollfd(fd: doorbell.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&descriptors, 2, -1) < 0, errno == EINTR {}
  }
}
