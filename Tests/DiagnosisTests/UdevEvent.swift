@testable import Diagnosis

/// A device as udev's rules see it when it is plugged in, and what they make of it. Knows as much of
/// the language as the project's rules use.
struct UdevEvent {
  /// What matches ask for: `SUBSYSTEM`, `ATTR{idVendor}`, `ENV{…}` and so on.
  var keys: [String: String]
  private(set) var assigned: [String: String] = [:]
  private(set) var added: [String: [String]] = [:]
  /// Keys of the language that this does not know.
  private(set) var unknown: Set<String> = []

  init(_ keys: [String: String]) { self.keys = keys }

  mutating func apply(_ rules: [UdevRule]) {
    var target: String?
    var file = ""
    for rule in rules {
      if rule.file != file { (file, target) = (rule.file, nil) }
      let parts = Self.parts(of: rule.text)
      if let wanted = target {
        guard parts.contains(where: { $0.key == "LABEL" && $0.value == wanted }) else { continue }
        target = nil
      }
      guard parts.allSatisfy({ matches($0) }) else { continue }
      for part in parts { carryOut(part, &target) }
    }
  }

  private struct Part {
    var key: String
    var operation: String
    var value: String
  }

  private func matches(_ part: Part) -> Bool {
    guard part.operation == "==" || part.operation == "!=" else { return true }
    let known = part.key.hasPrefix("ATTRS{") ? "ATTR{" + part.key.dropFirst(6) : part.key
    let value = keys[part.key] ?? keys[known] ?? ""
    let isEqual = part.value.split(separator: "|", omittingEmptySubsequences: false)
      .contains { $0 == value }
    return isEqual == (part.operation == "==")
  }

  private mutating func carryOut(_ part: Part, _ target: inout String?) {
    switch part.operation {
    case "==", "!=": return
    case "+=": added[part.key, default: []].append(substituted(part.value))
    default:
      switch part.key {
      // Its results are among the keys from the start.
      case "IMPORT{builtin}": break
      case "GOTO": target = part.value
      case "LABEL": break
      case let key where key.hasPrefix("ENV{"):
        let value = substituted(part.value)
        (keys[key], assigned[key]) = (value, value)
      case "MODE", "GROUP", "ATTR{power/control}": assigned[part.key] = part.value
      default: unknown.insert(part.key)
      }
    }
  }

  /// `$env{NAME}` replaced by what NAME is now.
  private func substituted(_ text: String) -> String {
    text.replacing(#/\$env\{(\w+)\}/#) { keys["ENV{\($0.1)}"] ?? "" }
  }

  /// `KEY{name}=="value", …`
  private static func parts(of text: String) -> [Part] {
    text.split(separator: "\"", omittingEmptySubsequences: false).chunked().compactMap {
      head, value in
      let head = head.drop { $0 == "," || $0 == " " }
      let key = head.prefix { !"=!+:".contains($0) }
      return Part(key: String(key), operation: String(head.dropFirst(key.count)), value: value)
    }
  }
}

extension Array where Element == Substring {
  fileprivate func chunked() -> [(Substring, String)] {
    stride(from: 0, to: count - 1, by: 2).map { (self[$0], String(self[$0 + 1])) }
  }
}
