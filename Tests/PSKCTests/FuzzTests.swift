import PSKC
import Testing

@Suite("Damaged files")
struct FuzzTests {
  @Test("Twenty thousand damaged files are each read or refused")
  func mutations() throws {
    let seeds = try [3, 5, 6, 7, 9].map { number in
      let bytes = Array(try Figure.text(number).utf8)
      return (bytes: bytes, places: Self.places(in: bytes))
    }
    let unlockings = [PSKCUnlocking.none, Figure.key, Figure.passphrase]
    var limits = PSKCLimits()
    limits.iterations = 1000
    var generator = SeededGenerator(state: 6030)
    var refused = 0
    for _ in 0..<20_000 {
      let seed = try #require(seeds.randomElement(using: &generator))
      var bytes = seed.bytes
      // Every other file stays well-formed, to reach what lies behind the XML.
      if Bool.random(using: &generator) {
        misspell(&bytes, at: seed.places, using: &generator)
      } else {
        damage(&bytes, using: &generator)
      }
      let unlocking = unlockings.randomElement(using: &generator) ?? .none
      switch Self.reading(bytes, unlocking, limits) {
      case .failure(let error):
        #expect(error.description.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        refused += 1
      case .success(let container):
        guard let copy = try? container.bytes(.plain) else { continue }
        #expect(try PSKCContainer(xml: copy).keys == container.keys)
      }
    }
    #expect((5_000..<18_000).contains(refused))
  }

  private static func reading(
    _ bytes: [UInt8], _ unlocking: PSKCUnlocking, _ limits: PSKCLimits
  ) -> Result<PSKCContainer, PSKCError> {
    do {
      return .success(try PSKCContainer(xml: bytes, unlocking: unlocking, limits: limits))
    } catch {
      return .failure(error)
    }
  }

  /// Changes letters and digits of values, so that the file stays XML.
  private func misspell(
    _ bytes: inout [UInt8], at places: [Int], using generator: inout SeededGenerator
  ) {
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let character = Self.characters.randomElement(using: &generator) ?? 0x30
      if let place = places.randomElement(using: &generator) { bytes[place] = character }
    }
  }

  private static let characters = Array("0123456789+/=-AZaz".utf8)

  /// Where a text has letters and digits between its tags.
  private static func places(in bytes: [UInt8]) -> [Int] {
    var isText = false
    return bytes.indices.filter { index in
      if bytes[index] == UInt8(ascii: "<") { isText = false }
      if bytes[index] == UInt8(ascii: ">") { isText = true }
      return isText && (bytes[index] | 0x20 > 0x60 || (0x30...0x39).contains(bytes[index]))
    }
  }

  private func damage(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      damageOnce(&bytes, using: &generator)
    }
  }

  private func damageOnce(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
    let words = [
      "<", ">", "&", "\"", "'", "/", "<!--", "-->", "<![CDATA[", "]]>", "<?", "<?x?>", "&x;", "&",
      " xmlns:p=\"u\"", "<p:a p:b='c'/>", "&#x41;", "&#0;",
      "&lt;",
      "<!DOCTYPE x>", "<a>", "</a>", "xmlns=\"\"", "\0", "\u{FEFF}", "\u{D55C}", "999999999999",
      "-", "=", " Id=\"x\"", "\r\n",
    ]
    let position = Int.random(in: 0..<max(1, bytes.count), using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0 where !bytes.isEmpty:
      bytes[position] = UInt8.random(in: 0...255, using: &generator)
    case 1 where !bytes.isEmpty:
      bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 2:
      bytes.insert(
        contentsOf: Array((words.randomElement(using: &generator) ?? "").utf8),
        at: min(position, bytes.count))
    case 3:
      let end = min(bytes.count, position + Int.random(in: 1...60, using: &generator))
      bytes.removeSubrange(min(position, end)..<end)
    case 4:
      let end = min(bytes.count, position + Int.random(in: 1...200, using: &generator))
      let copied = Array(bytes[min(position, end)..<end])
      bytes.insert(contentsOf: copied, at: Int.random(in: 0...bytes.count, using: &generator))
    default:
      bytes.removeLast(Int.random(in: 0...min(40, bytes.count), using: &generator))
    }
  }
}
