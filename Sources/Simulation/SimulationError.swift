/// Why a simulation could not start.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
  case system(call: String, errno: Int32)

  public var description: String {
    switch self {
    case .system(let call, let code): "\(call) failed, error \(code)"
    }
  }
}
