import Glibc
import Reader
import ReaderDriver
import Simulation
import SmartCard
import Testing

/// A simulated reader and the connection under test.
struct SimulatedField {
  static let soon = Duration.seconds(10)
  static let name = "test"
  static let selectOATH = CommandAPDU(
    cla: 0x00, ins: 0xA4, p1: 0x04, p2: 0x00, data: [0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01])

  let hardware: SimulatedReader
  let reader: LibNFCReader

  init(
    cards: [any VirtualCard] = [Simulation.OATHCard()],
    program: DriverProgram = .installed, highestLineSpeed: UInt32 = 921_600,
    maximumSpeed: Int? = nil
  ) throws {
    hardware = try SimulatedReader(cards: cards, maximumSpeed: maximumSpeed)
    reader = LibNFCReader(
      connstring: hardware.connectionString, program: program, highestLineSpeed: highestLineSpeed)
  }

  var deadline: ContinuousClock.Instant { .now + Self.soon }

  func selectedCard() async throws -> any ActivatedCard {
    try await reader.awaitCard(deadline: deadline)
  }

  /// The one driver process that has this field's port open.
  func driverProcess() throws -> pid_t {
    try #require(Self.children().first { Self.opened(by: $0).contains(hardware.path) })
  }

  /// Sends a deadly signal and waits until the process is dead; it is left to be reaped.
  static func kill(_ process: pid_t, _ signal: Int32) throws {
    try #require(Glibc.kill(process, signal) == 0)
    var information = siginfo_t()
    _ = waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT)
  }

  static func children() -> [pid_t] {
    names(in: "/proc").compactMap { pid_t($0) }.filter { parent(of: $0) == getpid() }
  }

  private static func parent(of process: pid_t) -> pid_t? {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, 512, file) != nil else { return nil }
    let text = line.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    // After the name in parentheses: state, then the parent.
    return text.split(separator: ")").last?.split(separator: " ").dropFirst().first.flatMap {
      pid_t($0)
    }
  }

  private static func opened(by process: pid_t) -> [String] {
    names(in: "/proc/\(process)/fd").compactMap { descriptor in
      guard let target = realpath("/proc/\(process)/fd/\(descriptor)", nil) else { return nil }
      defer { free(target) }
      return String(cString: target)
    }
  }

  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }
}
