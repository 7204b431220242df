import Testing

@testable import CenterClient

@Suite("Pauses between tries")
struct RetryPolicyTests {
  @Test("They grow to the ceiling, are drawn at random, and never overflow")
  func growth() {
    let policy = RetryPolicy()
    var generator = SplitMix64(state: 5)
    for (failures, longest) in [(1, 200), (2, 400), (5, 3200), (8, 25_600), (9, 30_000)] {
      let pauses = (0..<200).map { _ in
        policy.pause(afterFailures: failures, using: &generator)
      }
      #expect(pauses.allSatisfy { $0 >= .zero && $0 <= .milliseconds(longest) })
      #expect(pauses.contains { $0 > .milliseconds(longest / 2) })
      #expect(pauses.contains { $0 < .milliseconds(longest / 2) })
    }
    for failures in [Int.min, -1, 0, Int.max] {
      #expect(policy.pause(afterFailures: failures, using: &generator) <= policy.ceiling)
    }
  }
}
