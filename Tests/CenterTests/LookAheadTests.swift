import Center
import OneTimePassword
import Testing

@Suite("Where the verifier looks for a token's code")
struct LookAheadTests {
  /// A code that names its counter.
  private func code(_ counter: UInt64) -> OneTimeCode {
    let digits = String(counter % 100_000_000)
    let text = String(repeating: "0", count: 8 - digits.count) + digits
    guard let code = OneTimeCode(asciiDigits: Array(text.utf8)) else {
      preconditionFailure("eight digits are a code")
    }
    return code
  }

  @Test("A counter up to ten ahead is found, none before and none further")
  func counters() {
    for offset in 0..<20 {
      let found = LookAhead.counter(of: code(UInt64(100 + offset)), from: 105) { self.code($0) }
      #expect(found == ((5...15).contains(offset) ? UInt64(100 + offset) : nil))
    }
  }

  @Test("The end of all counters is not passed")
  func lastCounters() {
    let found = LookAhead.counter(of: code(.max), from: .max - 3) { self.code($0) }
    #expect(found == nil)
  }

  @Test("Two codes in a row are found within a thousand counters, one alone is not")
  func resynchronization() {
    let find = { (first: UInt64, second: UInt64) in
      LookAhead.counter(of: self.code(first), then: self.code(second), from: 50) { self.code($0) }
    }
    #expect(find(50, 51) == 50)
    #expect(find(1049, 1050) == 1049)
    #expect(find(1050, 1051) == nil)
    #expect(find(60, 62) == nil)
    #expect(find(49, 50) == nil)
  }

  @Test("A step is found one either way of the known drift, and never again once taken")
  func steps() {
    for offset in -4...4 {
      let step = UInt64(1000 + offset)
      let found = LookAhead.step(of: code(step), at: 1000, drift: 2, after: nil) { self.code($0) }
      #expect(found == ((1...3).contains(offset) ? step : nil))
    }
    let taken = LookAhead.step(of: code(1000), at: 1000, drift: 0, after: 1000) { self.code($0) }
    #expect(taken == nil)
    let next = LookAhead.step(of: code(1001), at: 1000, drift: 0, after: 1000) { self.code($0) }
    #expect(next == 1001)
  }

  @Test("Before the first step there is nothing to look at")
  func firstSteps() {
    let found = LookAhead.step(of: code(0), at: 0, drift: -5, after: nil) { self.code($0) }
    #expect(found == nil)
    let zero = LookAhead.step(of: code(0), at: 0, drift: 0, after: nil) { self.code($0) }
    #expect(zero == 0)
  }

  @Test("A token whose clock ran away is found by two codes within 120 steps, after the last taken")
  func stepResynchronization() {
    let find = { (first: UInt64, second: UInt64, last: UInt64?) in
      LookAhead.step(of: self.code(first), then: self.code(second), at: 1000, after: last) {
        self.code($0)
      }
    }
    #expect(find(880, 881, nil) == 881)
    #expect(find(1119, 1120, nil) == 1120)
    #expect(find(1120, 1121, nil) == nil)
    #expect(find(879, 880, nil) == nil)
    #expect(find(990, 991, 990) == nil)
    #expect(find(991, 992, 990) == 992)
  }
}
