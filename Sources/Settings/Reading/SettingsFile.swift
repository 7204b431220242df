import Glibc
import Yams

/// The file as a tree whose every key and value has its place.
struct SettingsFile {
  let path: String
  let root: [Entry]

  struct Entry {
    let key: String
    let line: Int
    let column: Int
    let value: Value
  }

  struct Scalar: Hashable {
    let text: String
    /// In quotes, so that it is text even if it looks like a number.
    var isQuoted = false
  }

  indirect enum Value {
    /// Nothing behind the colon.
    case nothing
    case scalar(Scalar)
    /// Nil for what is no scalar.
    case list([Scalar?])
    case section([Entry])
  }

  enum Failure: Error {
    case system(Int32)
    case tooLarge
    case noText
    case malformed(line: Int, column: Int, String)
  }

  static let maximumByteCount = 65_536

  static func content(
    of path: String, limit: Int = maximumByteCount
  ) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= limit {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(errno) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
    throw .tooLarge
  }

  static func parse(_ bytes: [UInt8]) throws(Failure) -> [Entry] {
    guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
      throw .noText
    }
    let root: Node?
    do {
      // The basic resolver: no expressions are compiled, and `no` stays a word.
      root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch {
      throw Failure(error)
    }
    switch root.map(value) {
    case nil, .nothing?: return []
    case .section(let entries)?: return entries
    default:
      throw .malformed(line: 1, column: 1, "expected keys with values, such as 'language: en'")
    }
  }

  private static func value(_ node: Node) -> Value {
    switch node {
    case .scalar(let scalar):
      let isQuoted = scalar.style != .plain && scalar.style != .any
      if !isQuoted, ["", "~", "null"].contains(scalar.string) { return .nothing }
      return .scalar(Scalar(text: scalar.string, isQuoted: isQuoted))
    case .sequence(let sequence):
      return .list(
        sequence.map { if case .scalar(let scalar) = value($0) { scalar } else { nil } })
    case .mapping(let mapping):
      return .section(
        mapping.map { key, content in
          Entry(
            key: key.scalar?.string ?? "?", line: key.mark?.line ?? 1,
            column: key.mark?.column ?? 1, value: value(content))
        })
    case .alias:
      return .nothing
    }
  }
}

extension SettingsFile.Failure {
  fileprivate init(_ error: any Error) {
    guard let error = error as? YamlError else {
      self = .noText
      return
    }
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let text = (context.map { "\($0.text.trimmingSpaces), " } ?? "") + problem
      self = .malformed(line: mark.line, column: mark.column, "is not YAML: \(text)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { PrintableText.safe($0) }
      self = .malformed(
        line: context.mark.line, column: context.mark.column,
        "the same key stands twice: \(keys.joined(separator: ", "))")
    default:
      self = .noText
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: Substring {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return text
  }
}
