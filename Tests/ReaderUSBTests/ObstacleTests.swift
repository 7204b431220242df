import PlantedSystem
import ReaderUSB
import Testing

@Suite("What keeps a program from a reader")
struct ObstacleTests {
  private let user = Credentials(user: 1000, groups: [1000])
  private let tree = PlantedTree()
  private var reader = PlantedDevice.acr122()

  private func obstacle(to name: String = "acr122_usb:001:004") -> Obstacle? {
    USBBus(files: tree.files).obstacle(to: name, credentials: user)
  }

  @Test("Nothing is said where nothing is seen")
  func nothing() {
    tree.plug(reader, group: 1000)
    #expect(obstacle() == nil)
    #expect(obstacle(to: "acr122_usb") == nil)
    #expect(obstacle(to: "pn532_uart:/dev/ttyUSB0") == nil)
    #expect(obstacle(to: "") == nil)
  }

  @Test("A number that is no longer on the bus, and a node that is missing, are told apart")
  func missing() {
    #expect(obstacle() == .notThere)
    tree.plug(reader, group: 1000)
    tree.remove(reader.node)
    tree.statuses = [:]
    #expect(obstacle() == .permission(node: reader.node))
  }

  @Test("A denied node hides the rest; a kernel driver and a process are named")
  mutating func stacked() {
    reader.driver = "pn533_usb"
    tree.plug(reader, group: 46)
    tree.run(412, "pcscd", open: [reader.node])
    #expect(obstacle() == .permission(node: reader.node))
    tree.node(reader.node, group: 1000)
    #expect(obstacle() == .kernelDriver("pn533_usb"))
    tree.remove("\(reader.interface)/driver")
    let process = RunningProcess(id: 412, name: "pcscd", arguments: ["pcscd"])
    #expect(obstacle() == .process(process))
  }

  @Test("A program that shows nothing of what it has open is seen by its claim")
  mutating func claimed() {
    reader.driver = "usbfs"
    tree.plug(reader, group: 1000)
    #expect(obstacle() == .claimed(node: reader.node))
    tree.run(412, "pcscd", open: [reader.node])
    let process = RunningProcess(id: 412, name: "pcscd", arguments: ["pcscd"])
    #expect(obstacle() == .process(process))
  }
}
