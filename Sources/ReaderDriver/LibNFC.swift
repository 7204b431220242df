import CNFC
import Glibc
import PN53x
import ReaderWire

/// libnfc's context: lists readers and opens them. One a process, used on one thread.
final class LibNFC {
  private let context: OpaquePointer
  private let report: ((ChipExchange) -> Void)?

  /// - Parameter report: told of each command to a reader opened here.
  init(
    intrusiveScan: Bool = false, report: ((ChipExchange) -> Void)? = nil
  ) throws(DriverFault) {
    // Messages on the terminal are the program's business, not the library's.
    setenv("LIBNFC_LOG_LEVEL", "0", 1)
    if intrusiveScan {
      setenv("LIBNFC_INTRUSIVE_SCAN", "yes", 1)
    } else {
      unsetenv("LIBNFC_INTRUSIVE_SCAN")
    }
    var context: OpaquePointer?
    nfc_init(&context)
    guard let context else { throw DriverFault(.library, detail: "libnfc cannot be initialised") }
    self.context = context
    self.report = report
  }

  deinit { nfc_exit(context) }

  /// Connstrings of the readers libnfc finds, at most 32. Opens devices to do so.
  func connstrings() -> [String] {
    let length = Connstring.maximumLength
    let capacity = 32
    let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: length * capacity)
    defer { buffer.deallocate() }
    buffer.initialize(repeating: 0)
    guard let base = buffer.baseAddress else { return [] }
    let found = base.withMemoryRebound(to: nfc_connstring.self, capacity: capacity) {
      nfc_list_devices(context, $0, capacity)
    }
    return (0..<min(found, capacity)).map { String(cString: base + $0 * length) }
  }

  /// - Throws: `.silent`, since libnfc does not say why; what can be known is checked before.
  func open(_ connstring: Connstring) throws(DriverFault) -> ChipLink {
    guard let device = nfc_open(context, connstring.text) else {
      throw DriverFault(.silent, detail: connstring.text)
    }
    return ChipLink(device: device, connstring: connstring, report: report)
  }
}
