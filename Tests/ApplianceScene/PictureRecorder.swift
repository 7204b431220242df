import Appliance
import Glibc
import SmartOTP
import Synchronization

/// A display that remembers what it showed, with the digits of codes as text.
package final class PictureRecorder: OTPDisplay {
  package let name = "recorder"

  package init() {}

  package struct Shown: Equatable, Sendable {
    package var words: String
    package var code: String?
    package var notice: Notice?
    package var secondsLeft: Int?
    package var language: Language
    /// Since the system started, on the monotonic clock.
    package var time: Duration
  }

  private struct State {
    var shown: [Shown] = []
    var trouble: DisplayError?
    var waiting: [(isMet: @Sendable (Shown) -> Bool, CheckedContinuation<Shown, Never>)] = []
  }

  private let state = Mutex(State())

  package func show(_ picture: Picture) throws(DisplayError) {
    let shown = Shown(picture)
    let (trouble, due) = state.withLock { state in
      state.shown.append(shown)
      let due = state.waiting.filter { $0.isMet(shown) }
      state.waiting.removeAll { $0.isMet(shown) }
      return (state.trouble, due)
    }
    for (_, continuation) in due { continuation.resume(returning: shown) }
    if let trouble { throw trouble }
  }

  package func fail(with error: DisplayError?) { state.withLock { $0.trouble = error } }

  package var all: [Shown] { state.withLock { $0.shown } }

  /// The picture now if it is such a one, else the next one that is.
  package func next(_ isMet: @escaping @Sendable (Shown) -> Bool) async -> Shown {
    await withCheckedContinuation { continuation in
      let now = state.withLock { state -> Shown? in
        if let last = state.shown.last, isMet(last) { return last }
        state.waiting.append((isMet, continuation))
        return nil
      }
      if let now { continuation.resume(returning: now) }
    }
  }

  /// Waits until words of this name are shown.
  @discardableResult
  package func until(_ words: String) async -> Shown { await next { $0.words == words } }
}

extension PictureRecorder.Shown {
  init(_ picture: Picture) {
    code = nil
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    time = .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    notice = picture.notice
    secondsLeft = picture.secondsLeft
    language = picture.language
    switch picture.content {
    case .blank: words = "blank"
    case .code(let shown, _):
      words = "code"
      code = shown.withDigits { digits in digits.map(String.init).joined() }
    case .screen(let screen):
      words =
        switch screen {
        case .restricted: "restricted"
        case .readerLost: "reader-lost"
        case .idle(let centerIsThere): centerIsThere ? "idle" : "idle-without-centre"
        case .idleForPlainCodes: "idle-for-plain-codes"
        case .tapCard: "tap"
        case .reading: "reading"
        case .transaction: "transaction"
        case .plainCode: "plain-code"
        case .making: "making"
        }
    }
  }
}
