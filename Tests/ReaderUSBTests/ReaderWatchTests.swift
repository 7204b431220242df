import PlantedSystem
import Testing

@testable import ReaderUSB

@Suite("Readers coming and going")
struct ReaderWatchTests {
  private func readers(_ devices: PlantedDevice...) -> [AttachedReader] {
    let tree = PlantedTree()
    for device in devices { tree.plug(device) }
    return USBBus(files: tree.files).readers()
  }

  @Test("Plugging in, unplugging and replugging are told")
  func changes() {
    let one = readers(.acr122(number: 4))
    let again = readers(.acr122(number: 7))
    #expect(ReaderChange.between([], one) == one.map(ReaderChange.attached))
    #expect(ReaderChange.between(one, []) == one.map(ReaderChange.detached))
    #expect(ReaderChange.between(one, one).isEmpty)
    #expect(
      ReaderChange.between(one, again)
        == one.map(ReaderChange.detached) + again.map(ReaderChange.attached))
  }

  @Test("A port that appears late, and a driver that takes the reader, are changes")
  func laterChanges() {
    let without = readers(.bridge(tty: nil))
    let with = readers(.bridge())
    #expect(ReaderChange.between(without, with) == with.map(ReaderChange.changed))
    var taken = PlantedDevice.acr122()
    taken.driver = "pn533_usb"
    let held = readers(taken)
    #expect(ReaderChange.between(readers(.acr122()), held) == held.map(ReaderChange.changed))
  }

  @Test("A watch tells what is there, then what happens, and ends with its consumer")
  func watch() async {
    let tree = PlantedTree()
    let device = PlantedDevice.acr122()
    tree.plug(device)
    var seen: [String] = []
    for await change in ReaderWatch(bus: USBBus(files: tree.files), interval: 1).changes() {
      switch change {
      case .attached(let reader):
        seen.append("attached \(reader.name)")
        tree.unplug(device)
      case .detached(let reader): seen.append("detached \(reader.name)")
      case .changed: break
      }
      if seen.count == 2 { break }
    }
    #expect(seen == ["attached usb:1-1.2", "detached usb:1-1.2"])
  }

  @Test("A reset of nothing, and of a reader it may harm, is refused")
  func reset() throws {
    let tree = PlantedTree()
    tree.plug(PlantedDevice("1-1", "04e6", "5591", number: 3))
    let bus = USBBus(files: tree.files)
    let stick = try #require(USBPort("1-1"))
    let empty = try #require(USBPort("1-2"))
    #expect(throws: USBError.resetForbidden(stick, "SCM SCL3711")) {
      try PortReset.perform(at: stick, bus: bus)
    }
    #expect(throws: USBError.nothingThere(empty)) { try PortReset.perform(at: empty, bus: bus) }
  }
}
