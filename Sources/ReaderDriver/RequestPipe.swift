import Glibc
import ReaderWire

/// The driver's end of the pipe pair: requests in, messages out.
final class RequestPipe {
  enum Closed: Error { case closed }

  private let input: Int32
  private let output: Int32
  private var buffer = FrameBuffer()
  /// Requests that came while one was under way; more than a few are a mistake of the other side.
  private var waiting: [DriverRequest] = []
  private static let maximumWaiting = 8

  init(input: Int32, output: Int32) {
    self.input = input
    self.output = output
  }

  /// The next request; waits for it without a time limit, since a driver without requests has
  /// nothing to do. Nil when the reader left meanwhile. Ends when the other side closes or speaks
  /// nonsense.
  func next(watching departure: DepartureWatch?) throws(Closed) -> DriverRequest? {
    while true {
      if !waiting.isEmpty { return waiting.removeFirst() }
      if let departure, try !waitForInput(departure) { return nil }
      try receive()
    }
  }

  /// False when the reader left before anything came.
  private func waitForInput(_ departure: DepartureWatch) throws(Closed) -> Bool {
    while true {
      var events = [pollfd(fd: input, events: Int16(POLLIN), revents: 0), departure.event]
      guard poll(&events, 2, -1) > 0 || errno == EINTR else { throw .closed }
      if events[0].revents != 0 { return true }
      if events[1].revents != 0, departure.hasLeft() { return false }
    }
  }

  /// Whether the request with this id was cancelled. Waits up to `milliseconds` for it.
  func isCancelled(_ id: UInt32, within milliseconds: Int) throws(Closed) -> Bool {
    var event = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
    if poll(&event, 1, Int32(clamping: milliseconds)) > 0 { try receive() }
    // A cancel for an earlier request came too late for it.
    let cancelled = waiting.contains { $0.operation == .cancel && $0.id == id }
    waiting.removeAll { $0.operation == .cancel }
    return cancelled
  }

  private func receive() throws(Closed) {
    let count = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { chunk in
      let count = read(input, chunk.baseAddress, chunk.count)
      if count > 0 { buffer.append(UnsafeRawBufferPointer(rebasing: chunk[..<count])) }
      return count
    }
    guard count > 0 else {
      if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
      throw .closed
    }
    do throws(WireError) {
      while let payload = try buffer.next() {
        let request = try DriverRequest(decoding: payload)
        guard waiting.count < Self.maximumWaiting else { throw .tooLong(waiting.count) }
        waiting.append(request)
      }
    } catch {
      throw .closed
    }
  }

  func send(_ message: DriverMessage) throws(Closed) {
    let frame = message.frame
    var sent = 0
    while sent < frame.count {
      let count = frame.withUnsafeBytes {
        write(output, $0.baseAddress.map { $0 + sent }, frame.count - sent)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .closed }
      sent += count
    }
  }
}
