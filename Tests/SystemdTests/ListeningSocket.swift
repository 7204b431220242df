import Glibc

/// The other end of a datagram socket: the service manager's, or the journal's.
final class ListeningSocket {
  let descriptor: Int32
  let path: String
  private let folder: String?

  /// - Parameter address: a name in the abstract space behind `@`; nil: a path in a new folder.
  init(_ address: String? = nil) throws {
    if let address {
      (path, folder) = (address, nil)
    } else {
      let made = try temporaryFolder()
      (path, folder) = ("\(made)/socket", made)
    }
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var target = sockaddr_un()
    target.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    withUnsafeMutableBytes(of: &target.sun_path) {
      $0.copyBytes(from: path.hasPrefix("@") ? [0] + name.dropFirst() : name)
    }
    let size = socklen_t(2 + name.count + (path.hasPrefix("@") ? 0 : 1))
    let result = withUnsafePointer(to: &target) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard result == 0 else { throw SystemFailure(code: errno) }
  }

  deinit {
    close(descriptor)
    if let folder {
      unlink(path)
      rmdir(folder)
    }
  }

  /// The next datagram; nil when none is there. A local datagram is there as soon as it was sent.
  func receive() -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return count < 0 ? nil : Array(bytes.prefix(count))
  }

  func receiveText() -> String? { receive().map { String(decoding: $0, as: UTF8.self) } }
}

struct SystemFailure: Error { let code: Int32 }

func temporaryFolder() throws -> String {
  var template = Array("/tmp/systemd-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw SystemFailure(code: errno) }
  return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

func write(_ bytes: [UInt8], to path: String) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  guard descriptor >= 0 else { throw SystemFailure(code: errno) }
  defer { close(descriptor) }
  guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
    throw SystemFailure(code: errno)
  }
}

extension [String: String] {
  /// Stands for the environment.
  var lookup: @Sendable (String) -> String? { { self[$0] } }
}
