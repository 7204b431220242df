import ReaderUSB

/// A line of a udev rules file.
struct UdevRule: Hashable, Sendable {
  var file: String
  var line: Int
  var text: String

  var place: String { "\(file):\(line)" }
  var fileName: String { file.split(separator: "/").last.map(String.init) ?? file }

  /// The number its file's name begins with.
  var number: Int? { Int(fileName.prefix { $0.isNumber }) }

  /// What the rule assigns: `value(of: "GROUP")` is `plugdev` in `GROUP="plugdev"`.
  func value(of key: String) -> String? {
    for operation in ["=\"", ":=\"", "+=\""] {
      let parts = text.split(separator: "\(key)\(operation)", maxSplits: 1)
      guard parts.count == 2 || text.hasPrefix("\(key)\(operation)"), let rest = parts.last else {
        continue
      }
      return rest.firstIndex(of: "\"").map { String(rest[..<$0]) }
    }
    return nil
  }

  var givesUserAccess: Bool { text.contains("TAG+=\"uaccess\"") }
  var givesAccess: Bool { givesUserAccess || value(of: "GROUP") != nil || value(of: "MODE") != nil }
}

/// The rules of all folders, in the order udev applies them.
struct UdevRules: Sendable {
  /// The first folder that has a file of a name wins.
  static let folders = [
    "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d", "/lib/udev/rules.d",
  ]

  let rules: [UdevRule]

  init(files: FileTree) {
    var paths: [String: String] = [:]
    for folder in Self.folders {
      for name in files.names(folder) where name.hasSuffix(".rules") && paths[name] == nil {
        paths[name] = "\(folder)/\(name)"
      }
    }
    rules = paths.sorted { $0.key < $1.key }.flatMap { name, path in
      Self.rules(in: path, files.text(path, limit: 1 << 19) ?? "")
    }
  }

  /// Lines that end in a backslash go on in the next.
  private static func rules(in path: String, _ text: String) -> [UdevRule] {
    var rules: [UdevRule] = []
    var pending = ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasSuffix("\\") {
        pending += line.dropLast()
        continue
      }
      let whole = (pending + line).trimmed
      pending = ""
      guard !whole.isEmpty, !whole.hasPrefix("#") else { continue }
      rules.append(UdevRule(file: path, line: index + 1, text: String(whole)))
    }
    return rules
  }

  /// The rules that name this product, and those that act on the mark the project's own set.
  func about(_ identifier: USBIdentifier) -> [UdevRule] {
    let direct = rules.filter { $0.names(identifier) }
    guard let marked = direct.first(where: { $0.text.contains(Self.markSet) }) else {
      return direct
    }
    return rules.filter { rule in
      rule.names(identifier)
        || (rule.text.contains(Self.markAsked) && rule.comesAfter(marked))
    }
  }

  private static let markSet = "ENV{ID_SMARTOTP_READER}=\"1\""
  private static let markAsked = "ENV{ID_SMARTOTP_READER}==\"1\""
}

extension UdevRule {
  fileprivate func names(_ identifier: USBIdentifier) -> Bool {
    let text = text.lowercased()
    let vendors = ["idvendor}==\"", "vendor_id}==\""].map { $0 + identifier.vendorText }
    let products = ["idproduct}==\"", "model_id}==\""].map { $0 + identifier.productText }
    return vendors.contains { text.contains($0) } && products.contains { text.contains($0) }
  }

  fileprivate func comesAfter(_ other: UdevRule) -> Bool {
    (fileName, line) > (other.fileName, other.line)
  }
}
