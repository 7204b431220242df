import SmartCard

/// The words of a fault's text: `name` or `name=value`, apart by commas.
public struct FaultWords {
  private var words: [(name: Substring, value: Substring)]

  public init(_ text: String) {
    words = text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    }
  }

  public mutating func next() -> String {
    words.isEmpty ? "" : String(words.removeFirst().name)
  }

  /// A word's value, empty if it has none; nil if it is not there.
  public mutating func take(_ name: String) -> String? {
    guard let index = words.firstIndex(where: { $0.name == name }) else { return nil }
    return String(words.remove(at: index).value)
  }

  /// The first word nobody took.
  public var rest: String? { words.first.map { String($0.name) } }

  public mutating func count(_ name: String) throws(FaultSyntaxError) -> Int {
    guard let word = take(name) else { return 0 }
    guard let value = Int(word), value >= 0 else {
      throw FaultSyntaxError("\(name)=\(word) is no count")
    }
    return value
  }

  public mutating func byte(_ name: String) throws(FaultSyntaxError) -> UInt8? {
    guard let word = take(name) else { return nil }
    guard let value = UInt8(word, radix: 16) else {
      throw FaultSyntaxError("\(name)=\(word) is no byte in hexadecimal")
    }
    return value
  }

  public mutating func bytes(_ name: String) throws(FaultSyntaxError) -> [UInt8]? {
    guard let word = take(name) else { return nil }
    guard let bytes = Hexadecimal.bytes(word) else {
      throw FaultSyntaxError("\(name)=\(word) is not hexadecimal")
    }
    return bytes
  }

  public mutating func milliseconds(_ name: String) throws(FaultSyntaxError) -> Duration? {
    guard let word = take(name) else { return nil }
    guard let value = Double(word), value >= 0, value < 1e9 else {
      throw FaultSyntaxError("\(name)=\(word) is no number of milliseconds")
    }
    return .microseconds(Int64(value * 1_000))
  }
}
