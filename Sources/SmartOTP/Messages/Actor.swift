/// Who does something at the centre.
public enum Actor: Hashable, Sendable, CustomStringConvertible {
  case institution(InstitutionCode)
  case device(DeviceID)
  /// By name, from a certificate or the local command line.
  case `operator`(String)
  /// Before there is a certificate.
  case anonymous
  /// The centre itself: time running out.
  case center

  public var description: String {
    switch self {
    case .institution(let code): "institution:\(code)"
    case .device(let id): "device:\(id)"
    case .operator(let name): "operator:\(name)"
    case .anonymous: "anonymous"
    case .center: "center"
    }
  }
}
