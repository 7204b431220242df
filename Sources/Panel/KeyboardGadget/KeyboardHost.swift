import Appliance
import Glibc

/// The computer at the other end of the cable, through /dev/hidgN: takes a report each time it polls,
/// and says which of the keyboard's lights are to be on.
struct KeyboardHost: ~Copyable {
  private let file: DeviceFile
  /// As the host last said; nil before it did.
  private(set) var lights: UInt8?

  /// A host sets the lights within some polls of the key.
  private static let answerMilliseconds = 150

  init(_ file: consuming DeviceFile) { self.file = file }

  /// Takes what the host has said since.
  ///
  /// - Returns: false when the node is not there any more.
  @discardableResult
  mutating func readLights() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 64)
    for _ in 0..<64 {
      let count = bytes.withUnsafeMutableBytes {
        read(file.descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
      lights = bytes[count - 1]
    }
    return true
  }

  /// Sends a report when the one before was taken, and waits until the host has taken it.
  func send(_ report: [UInt8], by deadline: Deadline) throws(DisplayError) {
    try waitForHost(by: deadline)
    try file.write(report, by: deadline)
    try waitForHost(by: deadline)
  }

  private func waitForHost(by deadline: Deadline) throws(DisplayError) {
    guard file.waitUntilWritable(by: deadline) else {
      throw .failed("the computer behind \(file.path) does not read its keyboard; wake it up")
    }
  }

  func tap(_ usage: UInt8, by deadline: Deadline) throws(DisplayError) {
    var report = KeyReport.pressed(usage)
    defer { report.overwrite() }
    try send(report, by: deadline)
    try send(KeyReport.released, by: deadline)
  }

  var numLockIsOn: Bool? { lights.map { $0 & KeyReport.numLockLight != 0 } }

  /// Taps Num Lock and waits for the host's word on it.
  mutating func tapNumLock(by deadline: Deadline) throws(DisplayError) {
    readLights()
    lights = nil
    try tap(KeyReport.numLock, by: deadline)
    let answer = deadline.capped(milliseconds: Self.answerMilliseconds)
    while readLights(), lights == nil, file.waitUntilReadable(by: answer) {}
  }
}
