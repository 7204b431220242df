import Glibc

/// Why a simulation could not start.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
  case system(call: String, errno: Int32)
  case invalidAddress(String)

  public var description: String {
    switch self {
    case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
    case .invalidAddress(let address): "\(address) is not an IPv4 address"
    }
  }
}
