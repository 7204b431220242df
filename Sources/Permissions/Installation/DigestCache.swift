import Cryptography
import Glibc
import Synchronization

/// Digests of files, made again only for a file that changed.
final class DigestCache: Sendable {
  /// What the kernel changes with each change of content; `ctime` cannot be set by a program.
  private struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var modified: Int64
    var changed: Int64

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      modified = Self.nanoseconds(status.st_mtim)
      changed = Self.nanoseconds(status.st_ctim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
      Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
  }

  private struct Known {
    var identity: Identity
    var digest: [UInt8]
  }

  static let maximumFileByteCount: Int64 = 1 << 30
  private static let chunkByteCount = 262_144

  private let known = Mutex<[String: Known]>([:])
  private let reads = Atomic<Int>(0)

  /// How many files were read.
  var readCount: Int { reads.load(ordering: .relaxed) }

  func size(of path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  /// SHA-256 of a plain file's content; nil when it cannot be read.
  func digest(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= Self.maximumFileByteCount
    else { return nil }
    let identity = Identity(status)
    let last = known.withLock { $0[path] }
    if let last, last.identity == identity { return last.digest }
    reads.add(1, ordering: .relaxed)
    guard let digest = Self.digest(descriptor) else { return nil }
    known.withLock { $0[path] = Known(identity: identity, digest: digest) }
    return digest
  }

  private static func digest(_ descriptor: Int32) -> [UInt8]? {
    guard var hash = try? RunningHash(.sha256) else { return nil }
    var chunk = [UInt8](repeating: 0, count: chunkByteCount)
    var total: Int64 = 0
    while total <= maximumFileByteCount {
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count == 0 ? try? hash.finish() : nil }
      guard (try? hash.update(chunk, count: count)) != nil else { return nil }
      total += Int64(count)
    }
    return nil
  }
}
