import CLinux
import Glibc
import Threads

/// Tells when something changes in a directory, which may be missing and come later: that is how
/// `smartotp device register` lifts the restriction of an appliance that runs.
public enum StateWatch {
  /// Several changes one after another are one, told when it has been quiet for a fifth of a second.
  private static let quietMilliseconds: Int32 = 200
  /// A directory that never rests is told of all the same, that often.
  private static let longestMilliseconds: Int32 = 2000

  /// An element for each change from now on; a slow consumer gets one for all it missed. Ends at once
  /// where the system cannot watch.
  ///
  /// - Parameter path: absolute.
  public static func changes(in path: String) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    guard let watch = DirectoryWatch(path) else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { _ in watch.stop() }
    let isRunning = DetachedThread.run {
      while watch.awaitChange(
        quiet: Self.quietMilliseconds, longest: Self.longestMilliseconds)
      { continuation.yield() }
      continuation.finish()
    }
    if !isRunning { continuation.finish() }
    return stream
  }
}
