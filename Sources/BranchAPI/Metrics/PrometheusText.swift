/// Figures in Prometheus' text format, version 0.0.4.
struct PrometheusText {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"
  private(set) var text = ""

  mutating func gauge(_ name: String, _ help: String, _ value: some BinaryInteger) {
    describe(name, "gauge", help)
    sample(name, [:], "\(value)")
  }

  mutating func counter(_ name: String, _ help: String, _ value: Int64) {
    describe(name, "counter", help)
    sample(name, [:], "\(value)")
  }

  mutating func describe(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  mutating func sample(
    _ name: String, _ labels: KeyValuePairs<String, String>, _ value: String
  ) {
    let list = labels.map { "\($0.key)=\"\(Self.escape($0.value))\"" }.joined(separator: ",")
    text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(value)\n"
  }

  private static func escape(_ value: String) -> String {
    var escaped = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
