import Glibc

/// The secrets that the service manager hands to this service (systemd.exec(5), `LoadCredential=`).
public struct ServiceCredentials: Sendable {
  public static let maximumByteCount = 65_536

  private let directory: String

  /// Nil where there are none.
  public init?(environment: ServiceEnvironment.Lookup = ServiceEnvironment.process) {
    guard let directory = environment("CREDENTIALS_DIRECTORY"), directory.hasPrefix("/") else {
      return nil
    }
    self.directory = directory
  }

  /// Uses the credential's bytes, which are overwritten with zeros afterwards. Nil, and no use,
  /// where there is no such credential.
  public func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result? {
    let descriptor = try open(name)
    guard let descriptor else { return nil }
    defer { close(descriptor) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.maximumByteCount + 1, alignment: 1)
    defer {
      if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
      buffer.deallocate()
    }
    var filled = 0
    while filled < buffer.count {
      let count = read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw CredentialError.system(name, errno) }
      if count == 0 { return try body(UnsafeRawBufferPointer(rebasing: buffer[..<filled])) }
      filled += count
    }
    throw CredentialError.tooLarge(name)
  }

  private func open(_ name: String) throws(CredentialError) -> Int32? {
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !name.utf8.contains(0) else {
      throw .malformedName(name)
    }
    let descriptor = Glibc.open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor < 0 else { return descriptor }
    guard errno == ENOENT else { throw .system(name, errno) }
    return nil
  }
}

/// Why a credential cannot be read.
public enum CredentialError: Error, Hashable, Sendable, CustomStringConvertible {
  case malformedName(String)
  case tooLarge(String)
  /// The system's error number.
  case system(String, Int32)

  public var description: String {
    switch self {
    case .malformedName: "this is no credential's name"
    case .tooLarge(let name):
      "the credential \(name) is larger than \(ServiceCredentials.maximumByteCount) bytes"
    case .system(let name, let code):
      "the credential \(name) cannot be read: \(String(cString: strerror(code)))"
    }
  }
}
