import Logging

extension LogEvent {
  /// More metadata of one record is left out.
  private static let maximumMetadataCount = 32
  /// A line that a pipe takes whole (PIPE_BUF).
  private static let maximumLineByteCount = 4096

  /// For journald. Metadata are `SMARTOTP_KEY=value`.
  func record(
    label: String, identifier: String, metadata: Logger.Metadata, lost: Int
  ) -> [UInt8] {
    var record = JournalRecord()
    record.add("MESSAGE", message.description)
    record.add("PRIORITY", String(level.priority))
    record.add("SYSLOG_IDENTIFIER", identifier)
    record.add("CODE_FILE", file)
    record.add("CODE_LINE", String(line))
    record.add("CODE_FUNC", function)
    record.add("SMARTOTP_LOGGER", label)
    if lost > 0 { record.add("SMARTOTP_DROPPED", String(lost)) }
    if let error { record.add("SMARTOTP_ERROR", "\(error)") }
    for (key, value) in sorted(metadata) {
      record.add(JournalRecord.name(key, prefix: "SMARTOTP_"), value.description)
    }
    return record.bytes
  }

  /// `warning: text key=value`, or with `<4>` for the level where the journal reads it
  /// (sd-daemon(3)).
  func line(withPriority: Bool, metadata: Logger.Metadata, lost: Int) -> [UInt8] {
    var line = withPriority ? "<\(level.priority)>" : "\(level.rawValue): "
    line += message.description
    if let error { line += " error=\(error)" }
    for (key, value) in sorted(metadata) { line += " \(key)=\(value)" }
    if lost > 0 { line += " dropped=\(lost)" }
    // One line, whatever it carries, and nothing that steers a terminal.
    let printable = line.unicodeScalars.map { scalar -> Character in
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0: " "
      default: Character(scalar)
      }
    }
    var bytes = Array(String(printable).utf8.prefix(Self.maximumLineByteCount - 1))
    if bytes.count == Self.maximumLineByteCount - 1 {
      while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
      if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    }
    return bytes + [UInt8(ascii: "\n")]
  }

  private func sorted(_ metadata: Logger.Metadata) -> [(key: String, value: Logger.Metadata.Value)]
  {
    Array(metadata.sorted { $0.key < $1.key }.prefix(Self.maximumMetadataCount))
  }
}

extension Logger.Level {
  /// syslog's (RFC 5424, 6.2.1).
  var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
