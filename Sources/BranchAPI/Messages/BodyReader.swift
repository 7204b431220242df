import HummingbirdCore
import NIOCore

/// Reads a request's body, once.
struct BodyReader {
  /// So much of a body that nobody wants is still taken in, for the client to see its answer.
  private static let drainLimit = 1_048_576

  private let body: RequestBody
  private let isThere: Bool
  private var iterator: RequestBody.AsyncIterator?
  private var isAtEnd = false

  init(_ request: Request) {
    body = request.body
    isThere =
      request.headers[.transferEncoding] != nil
      || request.headers[.contentLength].map { $0 != "0" } ?? false
  }

  /// The whole body.
  ///
  /// - Throws: `bodyTooLarge`, `malformedRequest` for one that does not come whole.
  mutating func collect(upTo limit: Int) async throws(BranchProblem) -> ByteBuffer {
    var content = ByteBuffer()
    while var chunk = try await next() {
      guard content.readableBytes + chunk.readableBytes <= limit else {
        throw BranchProblem(.bodyTooLarge)
      }
      content.writeBuffer(&chunk)
    }
    return content
  }

  /// Reads on where the body was not read: closing with unread bytes would take the answer with it.
  ///
  /// - Throws: `bodyTooLarge` for one that does not end; `malformedRequest`.
  mutating func drain() async throws(BranchProblem) {
    guard isThere else { return }
    var count = 0
    while let chunk = try await next() {
      count += chunk.readableBytes
      guard count <= Self.drainLimit else { throw BranchProblem(.bodyTooLarge) }
    }
  }

  private mutating func next() async throws(BranchProblem) -> ByteBuffer? {
    guard !isAtEnd else { return nil }
    var iterator = self.iterator ?? body.makeAsyncIterator()
    do {
      let chunk = try await iterator.next()
      isAtEnd = chunk == nil
      self.iterator = iterator
      return chunk
    } catch {
      isAtEnd = true
      throw BranchProblem(.malformedRequest, "the request's body did not come whole")
    }
  }
}
