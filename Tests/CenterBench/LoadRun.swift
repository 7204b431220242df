import Foundation
import NIOCore

/// One run of requests over lanes of connections; lives on one event loop.
final class LoadRun {
  let done: EventLoopPromise<Load.Result>
  private let requests: [ByteBuffer]
  private let lanes: [[LoadConnection]]
  private var next = 0
  private var open: Int
  private var result = Load.Result()
  private var begin = ContinuousClock.now

  init(_ requests: [ByteBuffer], lanes: [[LoadConnection]], on loop: any EventLoop) {
    self.requests = requests
    self.lanes = lanes
    done = loop.makePromise()
    open = lanes.count
    result.latencies.reserveCapacity(requests.count * (lanes.first?.count ?? 1))
  }

  func start() {
    begin = .now
    for lane in lanes { sendNext(on: lane) }
  }

  private func sendNext(on lane: [LoadConnection]) {
    guard next < requests.count else { return close() }
    let number = next
    next += 1
    var missing = lane.count
    let sent = ContinuousClock.now
    for connection in lane {
      connection.send(requests[number]) { status, body in
        self.record(number, status, body, took: ContinuousClock.now - sent)
        missing -= 1
        if missing == 0 { self.sendNext(on: lane) }
      }
    }
  }

  private func record(_ number: Int, _ status: Int, _ body: ByteBuffer, took: Duration) {
    result.latencies.append(Int(took / .microseconds(1)))
    let text = String(buffer: body)
    let answer =
      text.contains("\"result\":\"accepted\"")
      ? "accepted"
      : text.firstRange(of: "\"code\":\"").map { range in
        String(text[range.upperBound...].prefix { $0 != "\"" })
      } ?? "status \(status)"
    result.answers[answer, default: 0] += 1
    if answer == "accepted" { result.acceptances[number, default: 0] += 1 }
  }

  private func close() {
    open -= 1
    guard open == 0 else { return }
    result.seconds = (ContinuousClock.now - begin) / .seconds(1)
    result.latencies.sort()
    done.succeed(result)
  }
}
