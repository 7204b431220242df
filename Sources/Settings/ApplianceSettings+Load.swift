import CLinux
import Glibc

extension ApplianceSettings {
  /// Reads the file at `path`, with what the environment says over it: `SMARTOTPD_BRANCH_PORT` takes
  /// the place of `port` below `branch`. Where there is no file at the standard path, defaults hold.
  ///
  /// - Throws: every problem at once.
  public static func load(
    path: String = standardPath, environment: [String: String] = ProcessEnvironment.variables()
  ) throws(SettingsError) -> ApplianceSettings {
    let file: SettingsFile
    do throws(FileFailure) {
      file = SettingsFile(path: path, root: try read(path))
    } catch {
      throw SettingsError(problems: error.problems)
    }
    let report = SettingsReport(environment: environment)
    let settings = ApplianceSettings(Section(file: file, report: report))
    let problems = report.finish(file)
    guard problems.isEmpty else { throw SettingsError(problems: problems) }
    return settings
  }

  private struct FileFailure: Error {
    let problems: [SettingsProblem]

    init(_ place: SettingsProblem.Place, _ text: String) {
      problems = [SettingsProblem(place: place, key: nil, text: text)]
    }
  }

  private static func read(_ path: String) throws(FileFailure) -> [SettingsFile.Entry] {
    do throws(SettingsFile.Failure) {
      return try SettingsFile.parse(try SettingsFile.content(of: path))
    } catch {
      switch error {
      case .system(ENOENT) where path == standardPath: return []
      case .system(let code):
        let reason = String(cString: strerror(code))
        throw FileFailure(.file(path), "cannot be read: \(reason)")
      case .tooLarge:
        throw FileFailure(
          .file(path), "is larger than \(SettingsFile.maximumByteCount) bytes")
      case .noText: throw FileFailure(.file(path), "is not text in UTF-8")
      case .malformed(let line, let column, let text):
        throw FileFailure(.position(path, line: line, column: column), text)
      }
    }
  }
}

/// This process's variables.
public enum ProcessEnvironment {
  /// Not from `/proc/self/environ`: a process that protects its memory may not read that any more.
  public static func variables() -> [String: String] {
    var variables: [String: String] = [:]
    guard let entries = linux_environment() else { return variables }
    for index in 0..<65_536 {
      guard let entry = entries[index] else { break }
      let parts = String(cString: entry).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    }
    return variables
  }
}
