import SmartCard
import Testing

@Suite("Frame waiting time")
struct FrameWaitingTimeTests {
  @Test("FWT is 4096 / 13.56 MHz times 2 to the FWI, rounded up")
  func values() {
    #expect(FrameWaitingTime(index: 0).nanoseconds == 302_065)
    #expect(FrameWaitingTime(index: 0).microseconds == 303)
    #expect(FrameWaitingTime(index: 4).microseconds == 4834)
    #expect(FrameWaitingTime(index: 8).microseconds == 77_329)
    #expect(FrameWaitingTime(index: 14).microseconds == 4_949_032)
    #expect(FrameWaitingTime(index: 14).milliseconds == 4950)
    #expect(FrameWaitingTime(index: 4).carrierPeriods == 65_536)
    #expect(FrameWaitingTime.maximum.duration == .nanoseconds(4_949_031_269))
  }

  @Test("The reserved FWI 15 is taken as 4, and only four bits count")
  func reserved() {
    #expect(FrameWaitingTime(index: 15) == .standard)
    #expect(FrameWaitingTime(index: 0xF3) == FrameWaitingTime(index: 3))
  }

  @Test("Each index doubles the one before")
  func doubling() {
    for index in UInt8(1)...14 {
      let shorter = FrameWaitingTime(index: index - 1)
      #expect(FrameWaitingTime(index: index).carrierPeriods == shorter.carrierPeriods * 2)
      #expect(shorter < FrameWaitingTime(index: index))
    }
  }

  @Test("A waiting time extension multiplies and stops at the maximum")
  func extensionTime() {
    let standard = FrameWaitingTime.standard
    #expect(standard.withWaitingTimeExtension(multiplier: 1) == standard)
    #expect(standard.withWaitingTimeExtension(multiplier: 59).carrierPeriods == 65_536 * 59)
    #expect(
      FrameWaitingTime(index: 14).withWaitingTimeExtension(multiplier: 59)
        == FrameWaitingTime.maximum)
    #expect(
      FrameWaitingTime(index: 9).withWaitingTimeExtension(multiplier: 32)
        == FrameWaitingTime.maximum)
    #expect(
      FrameWaitingTime(index: 9).withWaitingTimeExtension(multiplier: 31) < FrameWaitingTime.maximum
    )
  }

  @Test("Multipliers outside 1 to 59 are brought into it")
  func clamped() {
    let standard = FrameWaitingTime.standard
    for low in [Int.min, -1, 0] {
      #expect(standard.withWaitingTimeExtension(multiplier: low) == standard)
    }
    for high in [60, 63, Int.max] {
      #expect(
        standard.withWaitingTimeExtension(multiplier: high)
          == standard.withWaitingTimeExtension(multiplier: 59))
    }
  }

  @Test("SFGT is nothing for 0 and the reserved 15")
  func guardTime() {
    #expect(StartUpFrameGuardTime(index: 0).microseconds == 0)
    #expect(StartUpFrameGuardTime(index: 15) == .none)
    #expect(StartUpFrameGuardTime(index: 1).microseconds == 605)
    #expect(StartUpFrameGuardTime(index: 14).microseconds == 4_949_032)
  }
}
