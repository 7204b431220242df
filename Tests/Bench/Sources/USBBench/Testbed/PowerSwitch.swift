import Dispatch
import Foundation
import Glibc

/// A hub port's `disable` file, as the kernel has it: what programs write switches the port.
///
/// The source is started once, and cancelled once at the end.
final class PowerSwitch: @unchecked Sendable {
  private let file: String
  private let source: any DispatchSourceRead

  /// - Parameter switched: called with whether the power is on, each time it changes.
  init(
    file: String, queue: DispatchQueue, switched: @escaping @Sendable (Bool) -> Void
  ) throws(BenchError) {
    self.file = file
    let folder = URL(filePath: file).deletingLastPathComponent()
    guard
      (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true))
        != nil,
      FileManager.default.createFile(atPath: file, contents: Data("0\n".utf8))
    else { throw .testbed("no file \(file)") }
    let watch = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard watch >= 0, inotify_add_watch(watch, file, UInt32(IN_CLOSE_WRITE)) >= 0 else {
      throw .testbed("\(file) cannot be watched")
    }
    source = DispatchSource.makeReadSource(fileDescriptor: watch, queue: queue)
    let state = State()
    source.setEventHandler {
      var buffer = [UInt8](repeating: 0, count: 4096)
      _ = read(watch, &buffer, buffer.count)
      let isOn = FileManager.default.contents(atPath: file)?.first != UInt8(ascii: "1")
      if state.change(to: isOn) { switched(isOn) }
    }
    source.setCancelHandler { close(watch) }
    source.activate()
  }

  deinit {
    source.cancel()
    unlink(file)
  }

  /// Used on the queue only.
  private final class State: @unchecked Sendable {
    private var isOn = true

    func change(to isOn: Bool) -> Bool {
      defer { self.isOn = isOn }
      return self.isOn != isOn
    }
  }
}
