/// The `id` of an event in a stream: which start of the appliance, and which of its events.
struct EventPosition: Hashable, Sendable {
  let start: String
  let number: Int64

  var text: String { "\(start)-\(number)" }

  init(start: String, number: Int64) {
    self.start = start
    self.number = number
  }

  /// Reads what a client sends as Last-Event-ID; nil for what no stream has given.
  init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
    guard text.utf8.count <= 40, parts.count == 2, let number = Int64(parts[1]), number >= 0 else {
      return nil
    }
    self.init(start: String(parts[0]), number: number)
  }
}
