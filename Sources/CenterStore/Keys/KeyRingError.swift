/// Why there is no key ring.
public enum KeyRingError: Error, Equatable, Sendable, CustomStringConvertible {
  case empty
  case keySize
  case repeatedID(UInt32)
  /// A line is not `<8 hex> <64 hex>`.
  case malformedLine(Int)
  case missing(path: String)
  case notReadable(path: String, errno: Int32)
  /// Others than its owner may read or write the file.
  case tooOpen(path: String, mode: UInt32)
  case tooLarge(path: String)
  case notWritten(path: String, errno: Int32)

  public var description: String {
    switch self {
    case .empty: "the key file has no key in it"
    case .keySize: "a key-encryption key has 32 bytes"
    case .repeatedID(let id): "the key id \(hexadecimal(id)) is there twice"
    case .malformedLine(let line):
      "line \(line) of the key file is not a key id of 8 hex digits and a key of 64"
    case .missing(let path): "there is no key file at \(path): run init, or put the file in place"
    case .notReadable(let path, let errno): "\(path) cannot be read (errno \(errno))"
    case .tooOpen(let path, let mode):
      "\(path) may be read by others (mode \(String(mode, radix: 8))): chmod 600 it"
    case .tooLarge(let path): "\(path) is too large to be a key file"
    case .notWritten(let path, let errno): "\(path) cannot be written (errno \(errno))"
    }
  }
}
