import Center
import Cryptography
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import SmartOTP
import Synchronization

/// The centre's HTTP API over a store: TLS 1.3 with client certificates.
///
/// Several may share one store, in one process or many: nothing but limits and figures is kept here.
public struct CenterServer: Service {
  private let configuration: CenterServerConfiguration
  private let store: any Store
  private let logger: Logger
  private let responder: Responder
  private let openings: Openings
  private let accredited: ReloadedAuthorities

  /// Where it listens: for port 0, the port that the system chose.
  public struct Listeners: Sendable {
    public let port: Int
    /// Without TLS, on this machine.
    public let localPort: Int?
  }

  /// - Parameter onRunning: called once, when it accepts connections.
  /// - Throws: what reading the accredited authorities throws.
  public init(
    store: any Store, configuration: CenterServerConfiguration, logger: Logger,
    onRunning: @escaping @Sendable (Listeners) -> Void = { _ in }
  ) throws {
    self.store = store
    self.configuration = configuration
    self.logger = logger
    openings = Openings(expectsLocal: configuration.localPort != nil, announce: onRunning)
    accredited = try ReloadedAuthorities(configuration.accredited, logger: logger)
    let figures = Figures(CenterAPI.routes)
    responder = Responder(
      api: CenterAPI(
        store: store, authority: configuration.authority,
        deviceCertificateSeconds: configuration.deviceCertificateSeconds,
        signedRequests: accredited, figures: figures, streams: StreamCount(),
        deadlines: configuration.deadlines),
      table: RouteTable(CenterAPI.routes),
      admission: Admission(store: store, limiters: RateLimiters(configuration.rateLimits)),
      figures: figures, logger: logger)
  }

  /// Serves until the group it is in shuts down: then requests are answered and event streams ended.
  public func run() async throws {
    let tls = try configuration.identity.context(trusting: configuration.authority.certificate)
    var services: [any Service] = [
      Sweeper(store: store, logger: logger), accredited,
      server(at: .hostname(configuration.address, port: configuration.port), tls: tls),
    ]
    if let localPort = configuration.localPort {
      services.append(server(at: .hostname("127.0.0.1", port: localPort), tls: nil))
    }
    var group = ServiceGroupConfiguration(services: services, logger: logger)
    group.maximumGracefulShutdownDuration = .milliseconds(1_500)
    try await ServiceGroup(configuration: group).run()
  }

  private func server(at address: BindAddress, tls: NIOSSLContext?) -> any Service {
    let http = HTTP1Channel(
      responder: { [responder] request, writer, channel in
        try await responder.respond(to: request, writer, channel)
      },
      configuration: .init(
        idleTimeout: .seconds(configuration.idleSeconds),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 8_192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 64)))
    return Server(
      childChannelSetup: PeerChannel(tls: tls, http: http),
      configuration: ServerConfiguration(
        address: address, backlog: 1_024,
        availableConnectionsDelegate: .maximum(configuration.connectionLimit, logger: logger)),
      onServerRunning: { [openings] channel in
        openings.opened(port: channel.localAddress?.port ?? 0, isLocal: tls == nil)
      },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
  }
}

extension CenterServer {
  /// Says once that all listeners are open.
  private final class Openings: Sendable {
    private let expectsLocal: Bool
    private let announce: @Sendable (Listeners) -> Void
    private let ports = Mutex<(port: Int?, localPort: Int?)>((nil, nil))

    init(expectsLocal: Bool, announce: @escaping @Sendable (Listeners) -> Void) {
      self.expectsLocal = expectsLocal
      self.announce = announce
    }

    func opened(port: Int, isLocal: Bool) {
      let open = ports.withLock { ports in
        if isLocal { ports.localPort = port } else { ports.port = port }
        return ports
      }
      guard let port = open.port, !expectsLocal || open.localPort != nil else { return }
      announce(Listeners(port: port, localPort: open.localPort))
    }
  }
}
