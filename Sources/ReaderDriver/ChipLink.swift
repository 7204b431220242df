import CNFC
import Glibc
import PN53x
import ReaderWire

/// The one owner of an `nfc_device`: sends chip commands through libnfc's driver and returns their
/// raw answers. libnfc is not thread-safe for one device, so a link stays on the thread that opened
/// it.
final class ChipLink {
  private let device: OpaquePointer
  private let answer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 66_000)
  /// libnfc's USB drivers take 200 ms off each time-out before the first read; given back here.
  private let timeoutCorrection: Int32
  private let report: ((ChipExchange) -> Void)?
  private var isOpen = true

  /// Takes over an opened device.
  ///
  /// - Parameter report: told of each command when it is over; nil where nobody traces.
  init(device: OpaquePointer, connstring: Connstring, report: ((ChipExchange) -> Void)?) {
    self.device = device
    self.report = report
    timeoutCorrection = connstring.losesTimeInDriver ? 200 : 0
  }

  deinit {
    close()
    answer.deallocate()
  }

  var name: String { String(cString: nfc_device_get_name(device)) }

  /// Whether libnfc recognised the chip. With an answer lost at opening it does not, goes on all
  /// the same, and would trip over its own assertion at the first card.
  var isChipIdentified: Bool {
    var modulations: UnsafePointer<nfc_modulation_type>?
    return nfc_device_get_supported_modulation(device, N_INITIATOR, &modulations) == 0
      && modulations != nil
  }

  func initialise() throws(DriverFault) {
    let result = nfc_initiator_init(device)
    guard result >= 0 else { throw lineFault(result) }
  }

  /// Closes the device: field off, chip powered down. May be called again.
  func close() {
    guard isOpen else { return }
    isOpen = false
    nfc_close(device)
  }

  /// Sends `command` and returns its answer after the answer code, the status byte included.
  ///
  /// - Throws: `.chipStatus` with the chip's own byte, or `.line` and `.gone` with libnfc's error.
  func transceive(
    _ command: ChipCommand, within budget: TimeBudget
  ) throws(DriverFault) -> [UInt8] {
    // 0 would mean "for ever" to libnfc, so a spent budget never gets that far.
    let milliseconds = Int32(clamping: budget.remainingMicroseconds / 1000)
    guard milliseconds > 0 else { throw DriverFault(.deadline) }
    guard let report else { return try exchange(command, milliseconds) }
    let start = TimeBudget.now()
    let result = Result { () throws(DriverFault) in try exchange(command, milliseconds) }
    let took = (TimeBudget.now() &- start) / 1000
    report(
      ChipExchange(
        command: command.bytes, outcome: ChipExchange.Outcome(result),
        microseconds: UInt32(clamping: took)))
    return try result.get()
  }

  private func exchange(
    _ command: ChipCommand, _ milliseconds: Int32
  ) throws(DriverFault) -> [UInt8] {
    guard let base = answer.baseAddress else { throw DriverFault(.state) }
    // A status byte with all bits set cannot come back (libnfc aborts), so it marks "none received".
    base[0] = 0xFF
    let result = command.bytes.withUnsafeBufferPointer { bytes in
      pn53x_transceive(
        device, bytes.baseAddress, bytes.count, base, answer.count,
        milliseconds + timeoutCorrection)
    }
    if result >= 0 {
      let length = min(Int(result), answer.count)
      return Array(UnsafeBufferPointer(start: base, count: length))
    }
    if base[0] != 0xFF, Self.meansChipStatus(result) {
      // Success, and yet an error: libnfc gathered pieces until the buffer was full.
      guard base[0] & 0x3F != 0 else {
        throw DriverFault(.answerTooLong, commandMayHaveRun: true)
      }
      throw DriverFault(.chipStatus, code: Int32(base[0] & 0x3F))
    }
    throw lineFault(result)
  }

  /// libnfc's codes for a bad status byte, as its chip layer maps them; the rest concern the line.
  private static func meansChipStatus(_ result: Int32) -> Bool {
    switch result {
    case NFC_ERFTRANS, NFC_ECHIP, NFC_EINVARG, NFC_ETGRELEASED, NFC_EMFCAUTHFAIL: true
    default: false
    }
  }

  private func lineFault(_ result: Int32) -> DriverFault {
    let text: String
    switch result {
    case NFC_ETIMEOUT: text = "no answer from the reader"
    case NFC_EIO: text = "damaged or missing bytes from the reader"
    case NFC_ENOTSUCHDEV: text = "the reader is gone"
    default: text = "libnfc error \(result)"
    }
    return DriverFault(
      result == NFC_ENOTSUCHDEV ? .gone : .line, code: result, detail: text,
      commandMayHaveRun: true)
  }
}

extension ChipExchange.Outcome {
  init(_ result: Result<[UInt8], DriverFault>) {
    switch result {
    case .success(let answer): self = .answer(answer)
    case .failure(let fault) where fault.kind == .chipStatus:
      self = .status(UInt8(truncatingIfNeeded: fault.code))
    case .failure(let fault): self = .noAnswer(code: fault.code)
    }
  }
}
