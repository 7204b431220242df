import Cryptography
import GRDB
import SmartOTP

extension Refusal {
  /// What an error inside the store means to the caller. Rows and values are never in it.
  init(_ error: any Error) {
    switch error {
    case let refusal as Refusal: self = refusal
    case let error as DatabaseError: self.init(error)
    case let error as SealError:
      // A missing key comes back with its file; a blob that does not open stays as it is.
      if case .keyMissing = error {
        self.init(.unavailable, error.description)
      } else {
        self.init(.internalError, error.description)
      }
    case let error as DamagedRow: self.init(.internalError, error.description)
    case let error as CryptographyError: self.init(.internalError, error.description)
    default: self.init(.internalError)
    }
  }

  private init(_ error: DatabaseError) {
    let name = error.extendedResultCode.description
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.unavailable, "another process holds the centre's database: try again")
    case .SQLITE_FULL:
      self.init(.unavailable, "the disk of the centre's database is full")
    case .SQLITE_READONLY:
      self.init(.unavailable, "the centre's database cannot be written: it is read-only")
    case .SQLITE_IOERR, .SQLITE_CANTOPEN:
      self.init(.unavailable, "the centre's database cannot be read or written (\(name))")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        .internalError, "the centre's database is damaged (\(name)): restore it from a backup")
    default:
      self.init(.internalError, "the centre's database refused a statement (\(name))")
    }
  }
}
