import AsyncHTTPClient
import NIOCore
import SmartOTP

/// Where the updates of one consumer come from: a connection, and the next one when it is lost.
/// Nothing is read ahead of the consumer.
actor UpdateSource {
  private let client: CenterClient
  private var reader: DeviceEventReader
  private var body: HTTPClientResponse.Body.AsyncIterator?
  private var waiting: [CenterUpdate] = []
  private var failures = 0
  private var isOver = false

  init(_ client: CenterClient, after last: Int64?) {
    self.client = client
    reader = DeviceEventReader(after: last)
  }

  /// The next update; nil after the last.
  func next() async -> CenterUpdate? {
    while waiting.isEmpty {
      guard !isOver, !Task.isCancelled else { return nil }
      do throws(CenterServiceError) {
        if body == nil { try await connect() } else { try await read() }
      } catch {
        note(error)
      }
    }
    return waiting.removeFirst()
  }

  private func note(_ error: CenterServiceError) {
    body = nil
    guard error != .cancelled else {
      isOver = true
      return
    }
    // A machine that has just started may have a wrong clock, a centre in maintenance a wrong
    // answer: only a no of the centre's own is final.
    if case .refused = error, !error.mayPass {
      isOver = true
      waiting.append(.ended(error))
      return
    }
    failures += 1
    if failures == 1 { waiting.append(.disconnected(error)) }
  }

  private func connect() async throws(CenterServiceError) {
    if failures > 0 {
      let drawn = client.configuration.retry.pause(afterFailures: failures)
      try? await Task.sleep(for: max(drawn, reader.requestedPause ?? .zero))
      if Task.isCancelled { throw .cancelled }
    }
    reader.restart()
    body = try await client.openEvents(after: reader.last).makeAsyncIterator()
    failures = 0
    waiting.append(.connected)
  }

  private func read() async throws(CenterServiceError) {
    guard var iterator = body else { return }
    body = nil
    let piece: ByteBuffer?
    do { piece = try await iterator.next(isolation: self) } catch {
      throw CenterServiceError(transport: error)
    }
    guard let piece else { throw .interrupted("it was closed") }
    let events = try reader.read(piece.readableBytesView)
    body = iterator
    waiting += events.map(CenterUpdate.event)
  }
}

extension CenterClient {
  public nonisolated func updates(after last: Int64?) -> AsyncStream<CenterUpdate> {
    let source = UpdateSource(self, after: last)
    return AsyncStream { await source.next() }
  }

  /// Opens the push connection, by the time of a call.
  fileprivate func openEvents(
    after last: Int64?
  ) async throws(CenterServiceError) -> HTTPClientResponse.Body {
    var request = CenterCall.get("/v1/device/events")
      .request(at: configuration.address, idempotencyKey: nil)
    request.headers.replaceOrAdd(name: "Accept", value: "text/event-stream")
    if let last { request.headers.add(name: "Last-Event-ID", value: String(last)) }
    let response: HTTPClientResponse
    do {
      response = try await http.execute(request, timeout: TimeAmount(configuration.callTime))
    } catch { throw CenterServiceError(transport: error) }
    if response.status == .ok,
      response.headers.first(name: "Content-Type")?.hasPrefix("text/event-stream") == true
    {
      return response.body
    }
    let body: ByteBuffer
    do { body = try await response.body.collect(upTo: CenterAnswer.maximumByteCount) } catch {
      throw CenterServiceError(transport: error)
    }
    try CenterAnswer(
      status: Int(response.status.code),
      contentType: response.headers.first(name: "Content-Type") ?? "",
      body: Array(body.readableBytesView)
    ).checkStatus()
    throw .notACenter("no event stream")
  }
}
