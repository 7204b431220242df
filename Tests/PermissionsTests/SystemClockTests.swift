import PlantedSystem
import Testing

@testable import Permissions

@Suite("Whether the clock is set")
struct SystemClockTests {
  private func isSet(kernelSaysSo: Bool = false, _ plant: (PlantedTree) -> Void) -> Bool {
    let tree = PlantedTree()
    plant(tree)
    return SystemClock(root: tree.root, kernelSaysSo: { kernelSaysSo }).isSet
  }

  @Test("Nothing says so: it is not")
  func nothing() {
    #expect(!isSet { _ in })
    #expect(!isSet { $0.write("/sys/class/rtc/rtc0/hctosys", "0\n") })
    #expect(!isSet { $0.write("/sys/class/rtc/rtc0/name", "1\n") })
    #expect(!isSet { $0.write("/sys/class/rtc/rtc0/hctosys", "") })
  }

  @Test("A time server was reached since the start")
  func server() { #expect(isSet { $0.write("/run/systemd/timesync/synchronized", "") }) }

  @Test("A clock chip set it at the start")
  func chip() {
    #expect(
      isSet {
        $0.write("/sys/class/rtc/rtc0/hctosys", "0\n")
        $0.write("/sys/class/rtc/rtc1/hctosys", "1\n")
      })
  }

  @Test("The kernel says that it follows a time source")
  func kernel() { #expect(isSet(kernelSaysSo: true) { _ in }) }
}
