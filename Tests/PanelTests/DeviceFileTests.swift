import Glibc
import Testing

@testable import Appliance
@testable import Panel

@Suite struct DeviceFileTests {
  @Test("A descriptor that others have too, and that blocks, is written only while there is room")
  func shared() throws {
    let stream = try OutputStream()
    let file = DeviceFile(
      descriptor: fcntl(stream.writer, F_DUPFD_CLOEXEC, 3), path: "standard output", isShared: true)
    let bytes = [UInt8](repeating: 0x61, count: 1000)
    try file.write(bytes, by: Deadline(milliseconds: 900))
    #expect(stream.text() == String(repeating: "a", count: 1000))
    let flags = fcntl(stream.writer, F_GETFL)
    _ = fcntl(stream.writer, F_SETFL, flags | O_NONBLOCK)
    while Glibc.write(stream.writer, bytes, bytes.count) > 0 {}
    _ = fcntl(stream.writer, F_SETFL, flags)
    #expect(throws: DisplayError.self) { try file.write(bytes, by: Deadline(milliseconds: 20)) }
  }

  @Test("Access that is refused is explained by the node's group")
  func refused() throws {
    let error = DisplayError.opening("/dev/no-such-node", EACCES)
    guard case .refused(let text) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(text.contains("/dev/no-such-node") && text.contains("udev rule"))
    // A node of the group tty, as far as this user may plant one.
    let folder = try TemporaryFolder()
    folder.write("", to: "node")
    let path = folder.path + "/node"
    guard let group = getgrnam("tty"), chown(path, getuid(), group.pointee.gr_gid) == 0 else {
      return
    }
    chmod(path, 0o660)
    #expect(DisplayError.opening(path, EPERM).explanation.contains("usermod -aG tty smartotp"))
    chmod(path, 0o600)
    #expect(DisplayError.opening(path, EPERM).explanation.contains("udev rule"))
  }
}
