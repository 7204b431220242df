import Synchronization

/// Answers each question with what the one before should have got.
final class LateAnswers: Sendable {
  private let last = Mutex<[UInt8]>([0x00])

  func answer(to question: [UInt8]) -> SimulatedProbe.Reply {
    last.withLock { last in
      defer { last = question }
      return .bytes(last)
    }
  }
}

/// Counts from 1.
final class Count: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock { value in
      value += 1
      return value
    }
  }
}
