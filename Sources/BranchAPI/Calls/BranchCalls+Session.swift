import Appliance
import NIOCore
import SmartOTP

extension BranchCalls {
  func status(_ call: Call) async throws -> Answer { try .json(await control.status()) }

  func session(_ call: Call) async throws -> Answer {
    let asked = try call.language()
    let picture = await control.picture()
    let shown: ShownCode? =
      if showsCode, case .code(let code, for: _) = picture.content { code } else { nil }
    return try SessionPicture(picture, language: asked ?? picture.language).encoded(with: shown)
  }

  func cancel(_ call: Call) async throws -> Answer {
    await control.cancel()
    return Answer(.noContent)
  }

  /// - Throws: `busy` when there are too many streams.
  func events(_ call: Call) async throws -> Answer {
    guard let listener = hub.listen() else { throw BranchProblem(.busy) }
    return Answer(
      EventStream(
        hub: hub, listener: listener, last: call.headers[.lastEventID],
        heartbeatSeconds: heartbeatSeconds, writeSeconds: writeSeconds))
  }
}
