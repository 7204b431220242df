import Glibc
import TapMeasurement
import TestMaterial

/// A signal to the reader process, and when in a tap it comes.
struct Attack: Sendable, CustomStringConvertible {
  enum Signal: String, Sendable, CaseIterable {
    case kill = "SIGKILL"
    case stop = "SIGSTOP"
    case crash = "SIGSEGV"

    var number: Int32 {
      switch self {
      case .kill: SIGKILL
      case .stop: SIGSTOP
      case .crash: SIGSEGV
      }
    }
  }

  let signal: Signal
  let moment: Duration

  init(within time: Duration, using generator: inout SeededGenerator) {
    signal = Signal.allCases.randomElement(using: &generator) ?? .kill
    moment = time * Double.random(in: 0..<1, using: &generator)
  }

  /// Waits for the moment and sends the signal. False when there was nobody to send it to.
  func strike(_ process: pid_t) async -> Bool {
    try? await Task.sleep(for: moment, tolerance: .zero)
    return Glibc.kill(process, signal.number) == 0
  }

  var description: String { "\(signal.rawValue) after \(moment)" }
}
