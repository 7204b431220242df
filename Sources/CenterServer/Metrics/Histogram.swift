/// How long requests took, counted in steps.
struct Histogram: Sendable {
  /// Upper ends in microseconds; what took longer is in the last count.
  static let bounds: [Int64] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000,
  ]

  private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
  private(set) var sumOfMicroseconds: Int64 = 0

  var count: UInt64 { counts.reduce(0, +) }

  mutating func record(microseconds: Int64) {
    let index = Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count
    counts[index] &+= 1
    sumOfMicroseconds &+= microseconds
  }
}
