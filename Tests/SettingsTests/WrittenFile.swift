import Glibc
import Settings

/// A configuration file for one test.
final class WrittenFile {
  let path: String

  init(_ content: [UInt8]) throws {
    var template = Array("/tmp/settings-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { close(descriptor) }
    try content.withUnsafeBytes {
      guard write(descriptor, $0.baseAddress, $0.count) == $0.count else { throw NotWritten() }
    }
  }

  convenience init(_ text: String) throws { try self.init(Array(text.utf8)) }

  deinit { unlink(path) }

  struct NotWritten: Error {}
}

/// What `text` makes of the settings.
func settings(
  _ text: String, environment: [String: String] = [:]
) throws -> ApplianceSettings {
  let file = try WrittenFile(text)
  return try withExtendedLifetime(file) {
    try ApplianceSettings.load(path: file.path, environment: environment)
  }
}

/// The problems of `text`, the file's path left out.
func problems(_ text: String, environment: [String: String] = [:]) throws -> [String] {
  try problems(Array(text.utf8), environment: environment)
}

func problems(_ content: [UInt8], environment: [String: String] = [:]) throws -> [String] {
  let file = try WrittenFile(content)
  do {
    _ = try ApplianceSettings.load(path: file.path, environment: environment)
    return []
  } catch {
    return error.problems.map {
      $0.description.hasPrefix(file.path)
        ? String($0.description.dropFirst(file.path.count + 1)) : $0.description
    }
  }
}
