/// A frame on its way over a faulty line: pieces with pauses before them.
struct DamagedFrame: Equatable {
  struct Piece: Equatable {
    var bytes: [UInt8]
    var pause: Duration
  }

  var pieces: [Piece] = [Piece(bytes: [], pause: .zero)]
  /// The line died within the frame.
  var isCut = false

  /// The pause between the pieces of a split frame: long enough for a reader to see two.
  private static let splitPause = Duration.microseconds(500)

  /// Takes bytes from a position of the frame on through the faults that concern it.
  init(_ bytes: [UInt8], from start: Int = 0, faults: [(byte: Int, fault: LineFault)]) {
    for (offset, byte) in bytes.enumerated() {
      var byte: UInt8? = byte
      for (position, fault) in faults where position == start + offset {
        apply(fault, to: &byte)
      }
      if isCut { return }
      if let byte { append([byte]) }
    }
  }

  private mutating func apply(_ fault: LineFault, to byte: inout UInt8?) {
    switch fault {
    case .drop: byte = nil
    case .flip(let mask): byte = byte.map { $0 ^ mask }
    case .insert(let foreign): append(foreign)
    case .hold(let pause): pieces.append(Piece(bytes: [], pause: pause))
    case .split: pieces.append(Piece(bytes: [], pause: Self.splitPause))
    case .cut: isCut = true
    }
  }

  private mutating func append(_ bytes: [UInt8]) {
    pieces[pieces.count - 1].bytes += bytes
  }
}
