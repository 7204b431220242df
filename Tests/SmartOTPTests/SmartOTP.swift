import Glibc
import Reader
import Testing

/// Tests of the built program, each as a user runs it. One after the other: each starts two
/// processes.
@Suite("smartotp", .serialized)
enum SmartOTPTests {}

/// The `smartotp` that was built beside the tests.
enum SmartOTP {
  static var path: String {
    guard case .process(let reader, _) = DriverProgram.installed else { return "smartotp" }
    return reader.replacing("/smartotp-reader", with: "/smartotp")
  }

  /// An environment in which libnfc says what it has to say.
  static let environment = ["PATH=/usr/bin:/bin", "LANG=C.UTF-8", "LIBNFC_LOG_LEVEL=3"]

  static func start(
    _ arguments: [String], environment: [String] = [], input: String = "",
    through wrapper: [String] = []
  ) throws -> RunningProgram {
    try RunningProgram(
      wrapper + [path] + arguments, environment: Self.environment + environment, input: input)
  }

  static func run(
    _ arguments: String..., environment: [String] = [], input: String = "",
    through wrapper: [String] = []
  ) async throws -> Outcome {
    try await start(arguments, environment: environment, input: input, through: wrapper).end()
  }
}
