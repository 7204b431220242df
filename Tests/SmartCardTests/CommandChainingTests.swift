import SmartCard
import Testing

@Suite("Command chaining")
struct CommandChainingTests {
  private func command(_ count: Int) -> CommandAPDU {
    CommandAPDU(
      cla: 0x00, ins: 0x01, p1: 0x02, p2: 0x03,
      data: (0..<count).map { UInt8(truncatingIfNeeded: $0) }, expectedLength: 256)
  }

  @Test("A command that fits stays as it is", arguments: [0, 1, 254, 255])
  func fits(count: Int) {
    #expect(command(count).chained() == [command(count)])
  }

  @Test("All but the last carry the chaining bit and no Le; the last keeps Ne")
  func marks() {
    let chain = command(511).chained()
    #expect(chain.map(\.cla) == [0x10, 0x10, 0x00])
    #expect(chain.map(\.data.count) == [255, 255, 1])
    #expect(chain.map(\.expectedLength) == [nil, nil, 256])
    #expect(chain.allSatisfy { $0.ins == 1 && $0.p1 == 2 && $0.p2 == 3 })
  }

  @Test("An exact multiple has no empty last command")
  func exactMultiple() {
    #expect(command(510).chained().map(\.data.count) == [255, 255])
  }

  @Test("The parts put together are the whole, for any part size", arguments: [1, 7, 16, 255, 256])
  func complete(size: Int) {
    let whole = command(1000)
    #expect(whole.chained(maximumData: size).flatMap(\.data) == whole.data)
  }

  @Test("Impossible part sizes are brought into range", arguments: [Int.min, -1, 0])
  func clamped(size: Int) {
    #expect(command(3).chained(maximumData: size).map(\.data.count) == [1, 1, 1])
    #expect(command(3).chained(maximumData: .max).count == 1)
  }
}
