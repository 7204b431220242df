import GRDB

/// Why the store does not open, or a file of it cannot be made.
public enum StoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The database was written by a later version of this program.
  case newerSchema(path: String)
  case notADatabase(path: String)
  case cannotOpen(path: String, reason: String)
  /// The key file lacks the key, or has another.
  case key(reason: String)
  case damaged(path: String, reason: String)
  /// The file that would be written is there already.
  case exists(path: String)
  case inUse(path: String)

  public var description: String {
    switch self {
    case .newerSchema(let path):
      "\(path) was written by a later version of this program: install that version"
    case .notADatabase(let path): "\(path) is not a database of the centre"
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)"
    case .key(let reason): reason
    case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
    case .exists(let path): "\(path) is there already: give another name, or move it away"
    case .inUse(let path): "\(path) is in use: stop the centre first"
    }
  }

  init(_ error: any Error, path: String) {
    switch error {
    case let error as StoreError: self = error
    case let error as SealError: self = .key(reason: error.description)
    case let error as DatabaseError where error.resultCode == .SQLITE_NOTADB:
      self = .notADatabase(path: path)
    case let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT:
      self = .damaged(path: path, reason: error.message ?? "corrupt")
    case let error as DatabaseError:
      self = .cannotOpen(
        path: path, reason: error.message ?? error.extendedResultCode.description)
    default: self = .cannotOpen(path: path, reason: String(describing: error))
    }
  }
}
