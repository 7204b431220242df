import Appliance
import HTTPService
import NIOCore

extension BranchCalls {
  private struct Readers: Encodable {
    let readers: [AttachedReaderStatus]
  }

  func readers(_ call: Call) async throws -> Answer {
    try .json(Readers(readers: await control.readers()))
  }

  /// - Throws: `unavailable`, and `busy` when there are too many streams.
  func lendReader(_ call: Call) async throws -> Answer {
    guard let listener = hub.listen() else { throw BranchProblem(.busy) }
    do {
      return Answer(
        LoanStream(
          loan: try await control.lendReader(), hub: hub, listener: listener,
          heartbeatSeconds: heartbeatSeconds, writeSeconds: writeSeconds))
    } catch {
      hub.leave(listener)
      throw error
    }
  }

  func doctor(_ call: Call) async throws -> Answer {
    let report = try await examination.run(
      or: .unavailable("the doctor is running already; wait for its report")
    ) { try await control.doctor() }
    return Answer(.ok, "application/json", ByteBuffer(string: report))
  }

  func health(_ call: Call) async throws -> Answer {
    Answer(.ok, "text/plain; charset=utf-8", ByteBuffer(string: "ok\n"))
  }

  func figures(_ call: Call) async throws -> Answer {
    var text = PrometheusText()
    text.write(await control.status())
    text.write(figures)
    text.gauge(
      "smartotpd_branch_connections", "Open connections.", connections.reduce(0) { $0 + $1.count })
    text.gauge("smartotpd_branch_event_streams", "Open event streams.", hub.streamCount)
    text.write(ProcessFigures.current())
    return Answer(.ok, PrometheusText.contentType, ByteBuffer(string: text.text))
  }
}
