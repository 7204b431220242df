import Appliance

/// One device on an I2C bus.
protocol I2CBus: Sendable {
  /// One transfer to the device, from start to stop condition.
  func write(_ bytes: [UInt8]) throws(DisplayError)

  /// Gives the device time.
  func pause(microseconds: Int)
}

/// Opens the bus; tests have a device of their own on theirs.
typealias I2CBusOpener = @Sendable () throws(DisplayError) -> any I2CBus

/// What a driver does on its bus, in order.
enum I2CStep: Hashable, Sendable {
  case write([UInt8])
  case pause(microseconds: Int)
}

extension I2CBus {
  /// - Throws: `.failed` when it takes longer than a picture may.
  func perform(_ steps: [I2CStep], by deadline: Deadline) throws(DisplayError) {
    for step in steps {
      switch step {
      case .write(let bytes): try write(bytes)
      case .pause(let microseconds): pause(microseconds: microseconds)
      }
      guard !deadline.hasPassed else {
        throw .failed("the I2C bus is too slow; check the wiring, and shorten it")
      }
    }
  }
}

/// Runs `show`, and once more when a disturbance spoiled it: after a code's last second no other
/// picture may follow for hours, and what stayed would stay till then.
func twice(_ show: () throws(DisplayError) -> Void) throws(DisplayError) {
  do throws(DisplayError) { try show() } catch {
    if case .refused = error { throw error }
    try show()
  }
}
