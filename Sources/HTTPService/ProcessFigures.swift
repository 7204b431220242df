import Glibc

/// What this process uses, as the kernel says.
package struct ProcessFigures: Sendable {
  /// Nil where /proc cannot be read.
  package let residentByteCount: Int?
  package let openDescriptorCount: Int?
  package let processorSeconds: Double

  package static func current() -> ProcessFigures {
    ProcessFigures(
      residentByteCount: residentPageCount().map { $0 * sysconf(Int32(_SC_PAGESIZE)) },
      openDescriptorCount: descriptorCount(), processorSeconds: processorTime())
  }

  /// The second number of /proc/self/statm.
  private static func residentPageCount() -> Int? {
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return nil }
    let numbers = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: " ")
    return numbers.count > 1 ? Int(numbers[1]) : nil
  }

  private static func descriptorCount() -> Int? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // Without ".", "..", and the directory itself.
    return count - 3
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
