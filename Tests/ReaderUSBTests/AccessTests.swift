import PlantedSystem
import Testing

@testable import ReaderUSB

@Suite("Who may use a node, and who does")
struct AccessTests {
  private let user = Credentials(user: 1000, groups: [1000, 46])

  @Test("The first class that fits decides")
  func classes() {
    #expect(FileStatus(mode: 0o660, group: 46).allowsUse(by: user))
    #expect(!FileStatus(mode: 0o660, group: 20).allowsUse(by: user))
    #expect(!FileStatus(mode: 0o606, group: 46).allowsUse(by: user))
    #expect(FileStatus(mode: 0o666, group: 20).allowsUse(by: user))
    #expect(FileStatus(mode: 0o600, user: 1000).allowsUse(by: user))
    #expect(!FileStatus(mode: 0o066, user: 1000).allowsUse(by: user))
    #expect(!FileStatus(mode: 0o664, group: 20).allowsUse(by: user))
    #expect(FileStatus(mode: 0).allowsUse(by: Credentials(user: 0, groups: [0])))
    let sandboxed = Credentials(user: 0, groups: [0], overridesPermissions: false)
    #expect(!FileStatus(mode: 0).allowsUse(by: sandboxed))
  }

  @Test("An access list counts, as far as its mask goes")
  func lists() {
    func status(_ entries: AccessEntry...) -> FileStatus {
      FileStatus(mode: 0o660, group: 20, accessList: entries)
    }
    #expect(status(.init(.user(1000), 6), .init(.mask, 6)).allowsUse(by: user))
    #expect(!status(.init(.user(1000), 6), .init(.mask, 4)).allowsUse(by: user))
    #expect(!status(.init(.user(1001), 6), .init(.mask, 6)).allowsUse(by: user))
    #expect(status(.init(.group(46), 6), .init(.mask, 6)).allowsUse(by: user))
  }

  @Test("The kernel's form of an access list is read, any bytes survived")
  func decoding() {
    let bytes: [UInt8] = [
      2, 0, 0, 0, 0x01, 0, 6, 0, 255, 255, 255, 255, 0x02, 0, 6, 0, 0xE8, 3, 0, 0,
      0x04, 0, 4, 0, 255, 255, 255, 255, 0x10, 0, 6, 0, 255, 255, 255, 255,
      0x20, 0, 0, 0, 255, 255, 255, 255,
    ]
    #expect(
      AccessEntry.list(bytes) == [
        AccessEntry(.owner, 6), AccessEntry(.user(1000), 6), AccessEntry(.owningGroup, 4),
        AccessEntry(.mask, 6), AccessEntry(.other, 0),
      ])
    for length in 0..<bytes.count { _ = AccessEntry.list(Array(bytes[..<length])) }
    #expect(AccessEntry.list([1, 0, 0, 0]).isEmpty)
  }

  @Test("The processes that have a node open are named")
  func holders() {
    let tree = PlantedTree()
    tree.run(412, "pcscd", open: ["/dev/null", "/dev/bus/usb/001/004", "/dev/bus/usb/001/004"])
    tree.run(77, "smartotp-reader", open: ["/dev/bus/usb/001/004"])
    tree.run(500, "other", open: ["/home/x"])
    let table = ProcessTable(files: tree.files, excluding: [77])
    #expect(table.holders(of: "/dev/bus/usb/001/004").map(\.description) == ["pcscd (process 412)"])
    #expect(table.holders(of: "/dev/ttyUSB0").isEmpty)
    #expect(table.named("pcscd", "brltty").map(\.id) == [412])
  }
}
