/// journald's native protocol read by its description alone (JOURNAL_NATIVE_PROTOCOL), so that what
/// writes it is not checked by itself.
struct DecodedRecord {
  var fields: [(name: String, value: [UInt8])] = []

  struct Malformed: Error {}

  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x3D }) else {
        throw Malformed()
      }
      let name = String(decoding: rest[..<end], as: UTF8.self)
      let isName = name.utf8.allSatisfy {
        (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
      }
      guard isName, let first = name.utf8.first, (0x41...0x5A).contains(first),
        name.utf8.count <= 64
      else { throw Malformed() }
      let isBinary = rest[end] == 0x0A
      rest = rest[(end + 1)...]
      let count: Int
      if isBinary {
        guard rest.count >= 8 else { throw Malformed() }
        count = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(8)
      } else {
        guard let end = rest.firstIndex(of: 0x0A) else { throw Malformed() }
        count = end - rest.startIndex
      }
      guard rest.count > count, rest[rest.startIndex + count] == 0x0A else { throw Malformed() }
      fields.append((name, Array(rest.prefix(count))))
      rest = rest.dropFirst(count + 1)
    }
  }

  subscript(name: String) -> String? {
    fields.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
  }
}
