/// Names and values, a pair a line: `name value`. Ends in a line `end`, so that a part of one is
/// known for what it is.
struct StateRecord: Equatable {
  private static let end = "end"
  private(set) var values: [(name: String, value: String)] = []

  init() {}

  /// Nil for what `bytes` did not make.
  init?(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self), text.hasSuffix("\n") else {
      return nil
    }
    var lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast().map(String.init) == Self.end, lines.count <= 64 else { return nil }
    for line in lines {
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else { return nil }
      values.append((String(parts[0]), String(parts[1])))
    }
  }

  subscript(name: String) -> String? {
    get { values.first { $0.name == name }?.value }
    set {
      values.removeAll { $0.name == name }
      guard let newValue else { return }
      // A line's end inside a value would begin another.
      let line = String(
        String.UnicodeScalarView(
          newValue.unicodeScalars.map { $0 == "\n" || $0 == "\r" ? " " : $0 }))
      values.append((name, line))
    }
  }

  var bytes: [UInt8] {
    Array((values.map { "\($0.name) \($0.value)\n" }.joined() + Self.end + "\n").utf8)
  }

  static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }
}
