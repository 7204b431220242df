import ArgumentParser

/// Why a command failed, for one line on standard error, with its exit status (sysexits.h).
struct CommandFailure: Error, CustomStringConvertible {
  enum Status: Int32 {
    case badData = 65
    case unavailable = 69
    case `internal` = 70
    case temporary = 75
    case permission = 77
    case configuration = 78
  }

  let status: Status
  let description: String

  init(_ status: Status, _ what: String, todo: String? = nil) {
    self.status = status
    description = todo.map { "\(what): \($0)" } ?? what
  }
}
