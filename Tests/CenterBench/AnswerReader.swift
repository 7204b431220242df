import NIOCore

/// Reads answers with a Content-Length, one at a time.
final class AnswerReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private var pending: ByteBuffer = .init()
  private var then: ((Int, ByteBuffer) -> Void)?

  func expect(_ then: @escaping (Int, ByteBuffer) -> Void) { self.then = then }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    pending.writeImmutableBuffer(unwrapInboundIn(data))
    guard let (status, body) = answer() else { return }
    pending.clear()
    finish(status, body)
  }

  func channelInactive(context: ChannelHandlerContext) { finish(0, ByteBuffer()) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func finish(_ status: Int, _ body: ByteBuffer) {
    let then = then
    self.then = nil
    then?(status, body)
  }

  /// Nil until it is whole.
  private func answer() -> (Int, ByteBuffer)? {
    let bytes = pending.readableBytesView
    guard let end = Self.end(of: bytes) else { return nil }
    let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
    let lines = head.split(separator: "\r\n")
    let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    let length =
      lines.first { $0.hasPrefix("content-length: ") }
      .flatMap { Int($0.dropFirst("content-length: ".count)) } ?? 0
    guard bytes.endIndex - end >= length else { return nil }
    return (status, ByteBuffer(bytes: bytes[end..<(end + length)]))
  }

  private static func end(of bytes: ByteBufferView) -> Int? {
    let mark: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    guard bytes.count >= mark.count else { return nil }
    for index in bytes.startIndex...(bytes.endIndex - mark.count)
    where bytes[index..<(index + mark.count)].elementsEqual(mark) {
      return index + mark.count
    }
    return nil
  }
}
