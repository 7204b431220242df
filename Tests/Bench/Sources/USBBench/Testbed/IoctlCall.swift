import CUMockdev
import CUSBDevFS
import Glibc

/// One ioctl of a program under test: reads its memory, and writes the answer there.
///
/// umockdev fetches and stores the program's memory over the socket on which the call came. The
/// program waits meanwhile, so whoever owes the answer may use the call, from any thread.
struct IoctlCall: @unchecked Sendable {
  typealias Client = UnsafeMutablePointer<UMockdevIoctlClient>
  private typealias Memory = UnsafeMutablePointer<UMockdevIoctlData>

  /// The longest buffer a program may hand over, as in the kernel (usbfs_memory_mb is larger).
  private static let longestBuffer = 1 << 16

  private let client: Client

  init(_ client: Client) { self.client = client }

  // MARK: The question

  func request() -> UsbfsRequest {
    switch umockdev_ioctl_client_get_request(client) {
    case usbdevfs_get_capabilities: return .getCapabilities
    case usbdevfs_get_speed: return .getSpeed
    case usbdevfs_connectinfo: return .connectInfo
    case usbdevfs_reset: return .reset
    case usbdevfs_reapurb: return .reap(waits: true)
    case usbdevfs_reapurbndelay: return .reap(waits: false)
    case usbdevfs_discardurb: return .discard(address: argument)
    case usbdevfs_submiturb: return submission.map { .submit($0) } ?? .unknown
    case usbdevfs_control, usbdevfs_bulk: return synchronousTransfer ?? .unknown
    case usbdevfs_getdriver: return driverQuestion ?? .unknown
    case usbdevfs_ioctl_request: return driverRequest ?? .unknown
    case usbdevfs_disconnect_claim: return disconnectClaim ?? .unknown
    case let code: return numberRequest(code) ?? .unknown
    }
  }

  /// Requests with a number or two as their argument.
  private func numberRequest(_ request: UInt) -> UsbfsRequest? {
    guard let words: (UInt32, UInt32) = pair(request == usbdevfs_setinterface) else { return nil }
    let number = UInt8(truncatingIfNeeded: words.0)
    switch request {
    case usbdevfs_claiminterface: return .claim(interface: number)
    case usbdevfs_releaseinterface: return .release(interface: number)
    case usbdevfs_setconfiguration: return .setConfiguration(number)
    case usbdevfs_setinterface:
      return .setInterface(number, alternate: UInt8(truncatingIfNeeded: words.1))
    case usbdevfs_clear_halt, usbdevfs_resetep: return .clearHalt(endpoint: number)
    default: return nil
    }
  }

  /// Fetched whole, since the answer is written to where the question stands.
  private var driverQuestion: UsbfsRequest? {
    structure(of: MemoryLayout<usbdevfs_getdriver>.size) { bytes in
      .getDriver(interface: UInt8(truncatingIfNeeded: bytes.loadUnaligned(as: UInt32.self)))
    }
  }

  private var argument: UInt {
    guard let memory = umockdev_ioctl_client_get_arg(client), let data = memory.pointee.data else {
      return 0
    }
    return UnsafeRawPointer(data).loadUnaligned(as: UInt.self)
  }

  /// The first one or two numbers the argument points to.
  private func pair(_ two: Bool) -> (UInt32, UInt32)? {
    structure(of: two ? 8 : 4) { bytes in
      (
        bytes.loadUnaligned(as: UInt32.self),
        two ? bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self) : 0
      )
    }
  }

  private var submission: Submission? {
    var result: Submission?
    resolve(from: umockdev_ioctl_client_get_arg(client), at: 0, MemoryLayout<usbdevfs_urb>.size) {
      memory in
      guard let block: usbdevfs_urb = load(memory),
        let kind = Submission.Kind(rawValue: block.type),
        (0...Int32(Self.longestBuffer)).contains(block.buffer_length)
      else { return }
      let length = Int(block.buffer_length)
      var submission = Submission(
        kind: kind, address: memory.pointee.client_addr, endpoint: block.endpoint, data: [],
        capacity: length)
      if kind == .control || block.endpoint & 0x80 == 0 {
        submission.data = bytes(behind: memory, at: Self.bufferOffset, length)
      }
      if kind == .control {
        submission.setup = SetupPacket(submission.data[...])
        submission.data = Array(submission.data.dropFirst(8))
        submission.capacity = max(length - 8, 0)
      }
      result = submission
    }
    return result
  }

  private static let bufferOffset = MemoryLayout<usbdevfs_urb>.offset(of: \.buffer) ?? 16

  private var synchronousTransfer: UsbfsRequest? {
    let isControl = umockdev_ioctl_client_get_request(client) == usbdevfs_control
    return isControl ? synchronousControl : synchronousBulk
  }

  private var synchronousControl: UsbfsRequest? {
    var result: UsbfsRequest?
    let size = MemoryLayout<usbdevfs_ctrltransfer>.size
    resolve(from: umockdev_ioctl_client_get_arg(client), at: 0, size) { memory in
      guard let call: usbdevfs_ctrltransfer = load(memory) else { return }
      let setup = SetupPacket(
        requestType: call.bRequestType, request: call.bRequest, value: call.wValue,
        index: call.wIndex, length: call.wLength)
      let offset = MemoryLayout<usbdevfs_ctrltransfer>.offset(of: \.data) ?? 16
      let length = Int(call.wLength)
      result = .transfer(
        Submission(
          kind: .control, endpoint: call.bRequestType & 0x80, setup: setup,
          data: setup.isToHost ? [] : bytes(behind: memory, at: offset, length), capacity: length),
        limitMilliseconds: call.timeout)
    }
    return result
  }

  private var synchronousBulk: UsbfsRequest? {
    var result: UsbfsRequest?
    let size = MemoryLayout<usbdevfs_bulktransfer>.size
    resolve(from: umockdev_ioctl_client_get_arg(client), at: 0, size) { memory in
      guard let call: usbdevfs_bulktransfer = load(memory), Int(call.len) <= Self.longestBuffer
      else { return }
      let endpoint = UInt8(truncatingIfNeeded: call.ep)
      let offset = MemoryLayout<usbdevfs_bulktransfer>.offset(of: \.data) ?? 16
      let length = Int(call.len)
      result = .transfer(
        Submission(
          kind: .bulk, endpoint: endpoint,
          data: endpoint & 0x80 != 0 ? [] : bytes(behind: memory, at: offset, length),
          capacity: length),
        limitMilliseconds: call.timeout)
    }
    return result
  }

  /// USBDEVFS_IOCTL carries a request for an interface's driver; two of them usbdevfs answers.
  private var driverRequest: UsbfsRequest? {
    structure(of: MemoryLayout<usbdevfs_ioctl>.size) { bytes in
      let interface = UInt8(truncatingIfNeeded: bytes.loadUnaligned(as: Int32.self))
      let code = bytes.loadUnaligned(fromByteOffset: 4, as: Int32.self)
      switch UInt(UInt32(bitPattern: code)) {
      case usbdevfs_disconnect: return .disconnectDriver(interface: interface)
      case usbdevfs_connect: return .connectDriver(interface: interface)
      default: return .unknown
      }
    }
  }

  private var disconnectClaim: UsbfsRequest? {
    structure(of: MemoryLayout<usbdevfs_disconnect_claim>.size) { bytes in
      let interface = UInt8(truncatingIfNeeded: bytes.loadUnaligned(as: UInt32.self))
      let flags = Int32(bitPattern: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
      let name = String(decoding: bytes[8...].prefix { $0 != 0 }, as: UTF8.self)
      let condition: UsbfsRequest.DriverCondition =
        if flags & USBDEVFS_DISCONNECT_CLAIM_IF_DRIVER != 0 {
          .only(name)
        } else if flags & USBDEVFS_DISCONNECT_CLAIM_EXCEPT_DRIVER != 0 {
          .except(name)
        } else {
          .any
        }
      return .disconnectClaim(interface: interface, condition)
    }
  }

  // MARK: The answer

  /// Lets the program go on.
  func answer(_ reply: UsbfsReply) {
    switch reply {
    case .success: complete(0)
    case .failure(let code): fail(code)
    case .structure(let bytes): complete(store(bytes) ? 0 : nil)
    case .reaped(let transfer): complete(store(transfer) ? 0 : nil)
    case .transferred(let count, let bytes): complete(storeTransferred(bytes) ? count : nil)
    }
  }

  private func complete(_ result: Int?) {
    guard let result else { return fail(EFAULT) }
    umockdev_ioctl_client_complete(client, result, 0)
  }

  private func fail(_ code: Int32) { umockdev_ioctl_client_complete(client, -1, code) }

  private func store(_ bytes: [UInt8]) -> Bool {
    resolve(from: umockdev_ioctl_client_get_arg(client), at: 0, bytes.count) { memory in
      copy(bytes, to: memory)
    }
  }

  /// Writes the request block's address where the program wants it, and the outcome into the block.
  private func store(_ transfer: CompletedTransfer) -> Bool {
    resolve(from: umockdev_ioctl_client_get_arg(client), at: 0, 8) { slot in
      // The pointer in the program is not known yet; with it set here, its target can be fetched.
      copy(transfer.address.littleEndian, to: slot)
      resolve(from: slot, at: 0, MemoryLayout<usbdevfs_urb>.size) { memory in
        guard var block: usbdevfs_urb = load(memory) else { return }
        let start = block.type == UInt8(USBDEVFS_URB_TYPE_CONTROL) ? 8 : 0
        let capacity = Int(max(block.buffer_length, 0))
        block.status = transfer.status
        block.actual_length = Int32(transfer.count)
        block.error_count = 0
        withUnsafeBytes(of: block) { copy(Array($0), to: memory) }
        guard !transfer.bytes.isEmpty else { return }
        resolve(from: memory, at: Self.bufferOffset, capacity) { buffer in
          copy(transfer.bytes, to: buffer, at: start)
        }
      }
    }
  }

  private func storeTransferred(_ bytes: [UInt8]) -> Bool {
    guard !bytes.isEmpty else { return true }
    let isControl = umockdev_ioctl_client_get_request(client) == usbdevfs_control
    let (size, offset) =
      isControl
      ? (
        MemoryLayout<usbdevfs_ctrltransfer>.size,
        MemoryLayout<usbdevfs_ctrltransfer>.offset(of: \.data) ?? 16
      )
      : (
        MemoryLayout<usbdevfs_bulktransfer>.size,
        MemoryLayout<usbdevfs_bulktransfer>.offset(of: \.data) ?? 16
      )
    return resolve(from: umockdev_ioctl_client_get_arg(client), at: 0, size) { memory in
      resolve(from: memory, at: offset, bytes.count) { copy(bytes, to: $0) }
    }
  }

  // MARK: The program's memory

  /// Fetches what the pointer at `offset` of a structure points to. False when there is nothing.
  @discardableResult
  private func resolve(
    from parent: Memory?, at offset: Int, _ length: Int, _ body: (Memory) -> Void
  ) -> Bool {
    guard let parent, length > 0,
      let memory = umockdev_ioctl_data_resolve(parent, gsize(offset), gsize(length), nil)
    else { return false }
    defer { g_object_unref(memory) }
    guard memory.pointee.data != nil, memory.pointee.data_len >= length else { return false }
    body(memory)
    return true
  }

  private func structure<Value>(of size: Int, _ body: (UnsafeRawBufferPointer) -> Value) -> Value? {
    var result: Value?
    resolve(from: umockdev_ioctl_client_get_arg(client), at: 0, size) { memory in
      result = body(UnsafeRawBufferPointer(start: memory.pointee.data, count: size))
    }
    return result
  }

  private func load<Value>(_ memory: Memory) -> Value? {
    guard let data = memory.pointee.data else { return nil }
    return UnsafeRawPointer(data).loadUnaligned(as: Value.self)
  }

  private func bytes(behind memory: Memory, at offset: Int, _ length: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    resolve(from: memory, at: offset, length) { buffer in
      bytes = Array(UnsafeBufferPointer(start: buffer.pointee.data, count: length))
    }
    return bytes
  }

  private func copy(_ bytes: [UInt8], to memory: Memory, at start: Int = 0) {
    let room = Int(memory.pointee.data_len) - start
    guard let data = memory.pointee.data, room > 0 else { return }
    for (index, byte) in bytes.prefix(room).enumerated() { data[start + index] = byte }
  }
}
