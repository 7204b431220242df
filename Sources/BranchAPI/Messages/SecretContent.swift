import NIOCore
import Synchronization

/// Content of an answer that is overwritten once it is sent.
final class SecretContent: Sendable {
  private let bytes: Mutex<ByteBuffer>
  let byteCount: Int

  init(_ bytes: ByteBuffer) {
    byteCount = bytes.readableBytes
    self.bytes = Mutex(bytes)
  }

  deinit { wipe() }

  /// What is to be sent. It shares its storage with this content: keep it no longer than the sending.
  var buffer: ByteBuffer { bytes.withLock { $0 } }

  /// Overwrites the storage, if nobody else has it any more.
  func wipe() {
    bytes.withLock { bytes in
      bytes.setRepeatingByte(0, count: bytes.readableBytes, at: bytes.readerIndex)
      bytes.clear()
    }
  }
}
