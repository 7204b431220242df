import Glibc

/// A socket that the service manager opened.
public struct ListenSocket: Hashable, Sendable {
  public let descriptor: Int32
  /// `FileDescriptorName=` of its unit; `unknown` where it has none.
  public let name: String

  /// The sockets this process was started with (sd_listen_fds(3)), none of which its children get.
  /// At most 64.
  ///
  /// - Parameter first: where they begin.
  public static func inherited(
    environment: ServiceEnvironment.Lookup = ServiceEnvironment.process, first: Int32 = 3
  ) -> [ListenSocket] {
    guard environment("LISTEN_PID").flatMap({ Int32($0) }) == getpid(),
      let count = environment("LISTEN_FDS").flatMap({ Int32($0) }), (1...64).contains(count)
    else { return [] }
    let names = (environment("LISTEN_FDNAMES") ?? "").split(
      separator: ":", omittingEmptySubsequences: false)
    return (0..<count).compactMap { index in
      let descriptor = first + index
      let flags = fcntl(descriptor, F_GETFD)
      guard flags >= 0, fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) == 0 else { return nil }
      let name = index < names.count ? String(names[Int(index)]) : ""
      return ListenSocket(descriptor: descriptor, name: name.isEmpty ? "unknown" : name)
    }
  }
}
