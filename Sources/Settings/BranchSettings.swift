/// What the branch's software is offered.
public struct BranchSettings: Hashable, Sendable {
  /// The Unix socket of the branch's API; nil: none (`socket: none`).
  public var socket: String? = "/run/smartotp/branch.sock"
  /// On loopback only; nil: none.
  public var port: Int?
  /// The file of the token that callers on the port show; nil: the systemd credential
  /// `branch-token`, where there is one.
  public var tokenFile: String?
  /// Whether the code is given to a branch's own screen.
  public var showsCode = false
  /// To post local transactions; nil: they are refused.
  public var institution: Institution?

  /// Ports above those that only root may open.
  public static let portRange = 1024...65_535

  public init() {}

  /// The files of the institution's certificate and key, PEM.
  public struct Institution: Hashable, Sendable {
    public var certificate: String
    public var key: String

    public init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }
}
