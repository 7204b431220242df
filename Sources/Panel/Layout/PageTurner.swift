import SmartOTP

/// Which page of a long transaction is in sight: time turns them, as nobody has a key for it.
struct PageTurner {
  /// Time to read a page, in seconds.
  let secondsPerPage: Int
  private var transaction: TransactionID?
  private var start: Int?

  init(secondsPerPage: Int) { self.secondsPerPage = max(1, secondsPerPage) }

  /// The first page when `transaction` is new, then the next after each `secondsPerPage`, around.
  mutating func page(of transaction: TransactionID, count: Int, secondsLeft: Int?) -> Int {
    if transaction != self.transaction || start == nil {
      self.transaction = transaction
      start = secondsLeft
    }
    guard count > 1, let start, let secondsLeft, secondsLeft < start else { return 0 }
    let (elapsed, overflow) = start.subtractingReportingOverflow(secondsLeft)
    return overflow ? 0 : elapsed / secondsPerPage % count
  }
}
