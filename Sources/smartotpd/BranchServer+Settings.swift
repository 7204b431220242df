import Appliance
import BranchAPI
import Cryptography
import FoundationEssentials
import Logging
import ServiceLifecycle
import Settings
import Systemd

extension BranchServer {
  /// The branch API as the settings have it; nil where nothing is to listen.
  static func group(
    _ settings: ApplianceSettings, _ control: any ApplianceControl, _ logger: Logger
  ) -> ServiceGroup? {
    var configuration = BranchServerConfiguration()
    configuration.showsCode = settings.branch.showsCode
    let inherited = ListenSocket.inherited().first { $0.name == "branch" }
    configuration.socket =
      inherited.map { .descriptor($0.descriptor) } ?? settings.branch.socket.map { .path($0) }
    if let port = settings.branch.port {
      do {
        configuration.loopback = try BranchServerConfiguration.Loopback(
          port: port, token: try token(settings.branch))
      } catch { logger.error("the branch API does not listen on port \(port): \(error)") }
    }
    guard configuration.socket != nil || configuration.loopback != nil else { return nil }
    let server = BranchServer(configuration: configuration, control: control, logger: logger)
    return ServiceGroup(configuration: .init(services: [server], logger: logger))
  }

  private static func token(_ settings: BranchSettings) throws -> SecretBytes {
    if let path = settings.tokenFile {
      var bytes = Array(try Data(contentsOf: URL(filePath: path)))
      return SecretBytes(wiping: &bytes)
    }
    let token = try ServiceCredentials()?.withBytes(of: "branch-token") { bytes in
      SecretBytes(Array(bytes))
    }
    guard let token else { throw MissingToken() }
    return token
  }

  private struct MissingToken: Error, CustomStringConvertible {
    let description =
      "there is no token; name a file with branch.token-file, or give the credential branch-token"
  }
}
