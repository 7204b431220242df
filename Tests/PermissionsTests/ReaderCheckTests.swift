import Appliance
import Glibc
import PlantedSystem
import ReaderUSB
import Testing

@testable import Permissions

@Suite("Permissions: the reader")
struct ReaderCheckTests {
  private func machine(_ reader: ReaderAccess) throws -> TestMachine {
    let machine = try TestMachine.registered()
    machine.reader = reader
    return machine
  }

  private static let own = ReaderAccess.ownProcess(reader: "auto", except: [])
  private static let reload =
    "sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=usb"

  @Test("That no reader is there restricts nothing")
  func noReader() throws {
    for reader in [
      "auto", "usb:1-1.2", "acr122_usb", "acr122_usb:001:004", "pn532_uart:/dev/ttyUSB0",
    ] {
      #expect(try machine(.ownProcess(reader: reader, except: [])).report() == .clean)
    }
  }

  @Test("A reader whose node is root's alone is told with the rules to install")
  func rootsNode() throws {
    let machine = try machine(Self.own)
    machine.tree.plug(.acr122())
    #expect(
      machine.report().lines == [
        "reader-forbidden: /dev/bus/usb/001/004 is rw-rw---- root:root (ACS ACR122U): smartotp may"
          + " not use it | sudo install -m 644 udev/60-smartotp-reader.rules /etc/udev/rules.d/"
          + " && \(Self.reload)"
      ])
    machine.tree.write("/usr/lib/udev/rules.d/60-smartotp-reader.rules", "")
    #expect(
      machine.report().impediments.map(\.fix) == [
        "60-smartotp-reader.rules is installed but not in force: \(Self.reload)"
      ])
  }

  @Test("A node of another group is told with the group to join")
  func groupsNode() throws {
    let machine = try machine(Self.own)
    machine.tree.plug(.acr122(), group: 991)
    #expect(
      machine.report().impediments.map(\.fix) == [
        "sudo usermod -aG smartotp-reader smartotp, then: sudo systemctl restart smartotpd"
      ])
    machine.credentials.groups.insert(991)
    #expect(machine.report() == .clean)
  }

  @Test("An entry in the access list is enough")
  func accessList() throws {
    let machine = try machine(Self.own)
    let device = PlantedDevice.acr122()
    machine.tree.plug(device)
    machine.tree.node(
      device.node,
      accessList: [
        .init(.user(TestMachine.service.user), 6), .init(.owningGroup, 6), .init(.mask, 6),
      ])
    #expect(machine.report() == .clean)
  }

  @Test("Of several readers one that may be used is enough; the other costs a warning")
  func severalReaders() throws {
    let machine = try machine(Self.own)
    machine.tree.plug(.acr122(at: "1-1.1", number: 3), group: 20)
    machine.tree.plug(.acr122(at: "1-1.2", number: 4))
    let report = machine.report()
    #expect(report.impediments.isEmpty)
    #expect(report.warnings.count == 1)
    #expect(report.warnings.first?.hasPrefix("/dev/bus/usb/001/004 is rw-rw---- root:root") == true)
  }

  @Test("The reader that is configured must be the one that may be used")
  func configuredReader() throws {
    for reader in ["usb:1-1.2", "acr122_usb:001:004"] {
      let machine = try machine(.ownProcess(reader: reader, except: []))
      machine.tree.plug(.acr122(at: "1-1.1", number: 3), group: 20)
      machine.tree.plug(.acr122(at: "1-1.2", number: 4))
      #expect(machine.report().impediments.map(\.restriction) == [.readerForbidden])
    }
  }

  @Test(
    "An adapter that may have anything behind it costs a warning, and nothing where it is known")
  func adapter() throws {
    let machine = try machine(Self.own)
    machine.tree.plug(.bridge(), group: 991)
    let report = machine.report()
    #expect(report.impediments.isEmpty)
    #expect(report.warnings.count == 1)
    machine.reader = .ownProcess(reader: "auto", except: ["/dev/ttyUSB0"])
    #expect(machine.report() == .clean)
    machine.reader = .ownProcess(reader: "usb:1-1.3", except: [])
    #expect(machine.report().impediments.map(\.restriction) == [.readerForbidden])
  }

  @Test(
    "A configured port, bus or link to one must be open to the reader's user",
    arguments: [
      "pn532_uart:/dev/ttyAMA0", "pn532_uart:/dev/ttyAMA0:115200", "pn532_i2c:/dev/ttyAMA0",
    ])
  func port(reader: String) throws {
    let machine = try machine(.ownProcess(reader: reader, except: []))
    machine.tree.node("/dev/ttyAMA0", group: 20)
    #expect(machine.report() == .clean)
    machine.tree.node("/dev/ttyAMA0", group: 0)
    #expect(
      machine.report().lines == [
        "reader-forbidden: /dev/ttyAMA0 is rw-rw---- root:root: smartotp may not use it"
          + " | sudo chgrp dialout /dev/ttyAMA0 && sudo chmod g+rw /dev/ttyAMA0"
      ])
  }

  // MARK: The reader process's socket

  private static let socket = "/run/smartotp-reader/reader.sock"
  private static let viaSocket = ReaderAccess.socket(socket, reader: "auto")

  private func socketMachine(flags: String = "00010000") throws -> TestMachine {
    let machine = try machine(Self.viaSocket)
    machine.tree.node(Self.socket, mode: 0o600)
    machine.tree.statuses[Self.socket] = FileStatus(
      mode: 0o600, user: TestMachine.service.user, group: 990)
    machine.tree.write(
      "/proc/net/unix",
      """
      Num       RefCount Protocol Flags    Type St Inode Path
      0000000000000000: 00000002 00000000 00010000 0001 01 16213 /run/other.sock
      0000000000000000: 00000002 00000000 \(flags) 0001 01 16214 \(Self.socket)

      """)
    return machine
  }

  @Test("A socket that listens and is ours restricts nothing")
  func socketIsThere() throws {
    #expect(try socketMachine().report() == .clean)
  }

  @Test("A socket that is not there, not ours, or that nobody listens on is told with its command")
  func socketFaults() throws {
    let missing = try socketMachine()
    missing.tree.statuses[Self.socket] = nil
    missing.tree.remove(Self.socket)
    #expect(
      missing.report().lines == [
        "reader-forbidden: \(Self.socket) is not there"
          + " | sudo systemctl enable --now smartotp-reader.socket"
      ])

    let foreign = try socketMachine()
    foreign.tree.statuses[Self.socket] = FileStatus(mode: 0o600, user: 0, group: 0)
    #expect(
      foreign.report().impediments.first?.finding
        == "\(Self.socket) is rw------- root:root: smartotp may not connect to it")

    let silent = try socketMachine(flags: "00000000")
    #expect(
      silent.report().lines == [
        "reader-forbidden: nobody listens on \(Self.socket)"
          + " | sudo systemctl restart smartotp-reader.socket"
      ])
  }

  @Test("Behind a socket the reader process's own user must be let at the node")
  func serviceUser() throws {
    let machine = try socketMachine()
    machine.tree.append("/etc/passwd", "\nsmartotp-reader:x:991:991::/:/usr/sbin/nologin\n")
    machine.tree.plug(.acr122(), group: 991)
    #expect(machine.report() == .clean)
    machine.tree.plug(.acr122(), group: 990)
    #expect(
      machine.report().impediments.map(\.fix) == [
        "sudo usermod -aG smartotp smartotp-reader, then: sudo systemctl restart smartotpd"
      ])
  }

  @Test("The kernel's own list is understood: a socket that listens, and one that does no more")
  func realSocket() throws {
    var template = Array("/tmp/permissions-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let path = "\(folder)/reader.sock"
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer {
      unlink(path)
      rmdir(folder)
    }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(result == 0 && listen(descriptor, 1) == 0)
    let system = SystemView(files: .system, credentials: .current())
    #expect(SocketCheck.report(of: path, on: system) == .clean)
    close(descriptor)
    #expect(
      SocketCheck.report(of: path, on: system).impediments.map(\.restriction) == [.readerForbidden])
  }
}
