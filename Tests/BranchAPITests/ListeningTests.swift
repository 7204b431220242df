import Cryptography
import Foundation
import Testing

@testable import BranchAPI

@Suite("Where the branch API listens", .timeLimit(.minutes(1)))
struct ListeningTests {
  @Test("The socket file has mode 0660, and goes with the server")
  func mode() async throws {
    let path = Box<String>()
    try await TestBranch.run { branch in
      var status = stat()
      #expect(lstat(branch.socket, &status) == 0)
      #expect(status.st_mode & 0o7777 == 0o660 && status.st_mode & S_IFMT == S_IFSOCK)
      path.value = branch.socket
      await branch.group.triggerGracefulShutdown()
    }
    #expect(!FileManager.default.fileExists(atPath: path.value ?? "/"))
  }

  @Test("What a dead process left is replaced; what somebody serves, or is no socket, stays")
  func stale() async throws {
    try await TestBranch.withDirectory { directory in
      let path = directory + "/branch.sock"
      let dead = try ListeningSocket.open(.path(path))
      _ = close(dead.descriptor)
      let living = try ListeningSocket.open(.path(path))
      #expect(throws: BranchServerError.inUse(path)) { try ListeningSocket.open(.path(path)) }
      // The dead one's file is another's by now.
      dead.removeFile()
      #expect(FileManager.default.fileExists(atPath: path))
      living.close()
      #expect(!FileManager.default.fileExists(atPath: path))
      try Data("text".utf8).write(to: URL(filePath: path))
      #expect(throws: BranchServerError.notASocket(path)) { try ListeningSocket.open(.path(path)) }
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("A folder that is not there, and a path that is too long, are named")
  func paths() async throws {
    #expect(throws: BranchServerError.folderMissing("/nowhere/at-all")) {
      try ListeningSocket.open(.path("/nowhere/at-all/branch.sock"))
    }
    let long = "/tmp/" + String(repeating: "x", count: 120)
    #expect(throws: BranchServerError.pathTooLong(long)) { try ListeningSocket.open(.path(long)) }
    #expect(throws: BranchServerError.self) { try ListeningSocket.open(.path("")) }
  }

  @Test("A port that is taken is named, and what was opened before it is closed")
  func port() async throws {
    let taken = try ListeningSocket.open(loopbackPort: 0)
    defer { taken.close() }
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(taken.descriptor, $0, &size)
      }
    }
    #expect(address.sin_addr.s_addr == in_addr_t(0x7F00_0001).bigEndian)
    let port = Int(in_port_t(bigEndian: address.sin_port))
    try await TestBranch.withDirectory { directory in
      let path = directory + "/branch.sock"
      await #expect(throws: BranchServerError.inUse("127.0.0.1:\(port)")) {
        try await TestBranch.run {
          $0 = BranchServerConfiguration(
            socket: .path(path),
            loopback: try .init(
              port: port, token: SecretBytes(Array(TestBranch.token.utf8))))
        } _: { _ in
        }
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("A socket that listens already is taken over, and its file left alone")
  func activation() async throws {
    try await TestBranch.withDirectory { directory in
      let path = directory + "/activated.sock"
      let activated = try ListeningSocket.open(.path(path))
      try await TestBranch.run {
        $0.socket = .descriptor(activated.descriptor)
      } _: { _ in
        let connection = try RawConnection(path: path)
        try connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try connection.receive().hasSuffix("ok\n"))
      }
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("A descriptor that is no Unix socket that listens is refused")
  func descriptors() throws {
    let unbound = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let tcp = try ListeningSocket.open(loopbackPort: 0)
    defer {
      close(unbound)
      tcp.close()
    }
    for descriptor in [unbound, tcp.descriptor, -1, 0x7FFF] {
      #expect(throws: BranchServerError.descriptorUnusable(descriptor)) {
        try ListeningSocket.open(.descriptor(descriptor))
      }
    }
  }

  @Test("Without a socket and a port there is nothing to serve, and a stop still ends it")
  func nothing() async throws {
    try await TestBranch.run {
      $0 = BranchServerConfiguration()
    } _: { branch in
      #expect(branch.port == 0)
    }
  }
}

/// A value that comes out of a closure.
final class Box<Value>: @unchecked Sendable {
  var value: Value?
}
