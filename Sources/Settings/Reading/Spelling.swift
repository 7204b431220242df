/// Which word was meant.
enum Spelling {
  /// The candidate that takes the fewest changes, if they are few for the word's length.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let letters = Array(word.prefix(100).utf8)
    let limit = max(1, letters.count / 3)
    let distances = candidates.map { (candidate: $0, count: distance(letters, Array($0.utf8))) }
    return distances.filter { $0.count <= limit }.min { $0.count < $1.count }?.candidate
  }

  /// Letters inserted, removed, replaced, or swapped with their neighbour (optimal string alignment).
  static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...other.count)
    for (row, letter) in one.enumerated() {
      var next = [row + 1]
      for (column, candidate) in other.enumerated() {
        let replaced = last[column] + (letter == candidate ? 0 : 1)
        var best = min(replaced, last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, letter == other[column - 1], one[row - 1] == candidate {
          best = min(best, before[column - 1] + 1)
        }
        next.append(best)
      }
      before = last
      last = next
    }
    return last[other.count]
  }
}
