import Appliance
import Glibc

/// A light of the kernel's LED class: a folder of attributes
/// (Documentation/leds/leds-class.rst, ledtrig-timer).
struct LED {
  let folder: String
  let opener: DeviceOpener

  func show(_ pattern: LEDPattern, by deadline: Deadline) throws(DisplayError) {
    switch pattern {
    case .off:
      try write("none", to: "trigger", by: deadline)
      try write("0", to: "brightness", by: deadline)
    case .on:
      try write("none", to: "trigger", by: deadline)
      try write(String(maximumBrightness), to: "brightness", by: deadline)
    case .blinking(let milliseconds):
      try write("timer", to: "trigger", by: deadline)
      try writeTime(milliseconds, to: "delay_on", by: deadline)
      try writeTime(milliseconds, to: "delay_off", by: deadline)
    }
  }

  /// The times are there only once the trigger is, and belong to root until udev has heard of them. A
  /// light whose times stay out of reach blinks once a second, as the kernel has it.
  private func writeTime(
    _ milliseconds: Int, to attribute: String, by deadline: Deadline
  ) throws(DisplayError) {
    let patience = deadline.capped(milliseconds: Self.patienceMilliseconds)
    while true {
      do throws(DisplayError) {
        return try write(String(milliseconds), to: attribute, by: deadline)
      } catch .refused {
        if patience.hasPassed { return }
        usleep(Self.retryMicroseconds)
      }
    }
  }

  private static let patienceMilliseconds = 100
  private static let retryMicroseconds: UInt32 = 5_000

  /// 255 where it is not said.
  private var maximumBrightness: Int {
    guard
      let file = try? DeviceFile(opening: folder + "/max_brightness", flags: O_RDONLY, with: opener)
    else { return 255 }
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = bytes.withUnsafeMutableBytes { read(file.descriptor, $0.baseAddress, $0.count) }
    let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self)).map { max(1, $0) } ?? 255
  }

  private func write(
    _ value: String, to attribute: String, by deadline: Deadline
  ) throws(DisplayError) {
    let file = try DeviceFile(
      opening: folder + "/" + attribute, flags: O_WRONLY | O_TRUNC, with: opener)
    try file.write(Array(value.utf8), by: deadline)
  }
}
