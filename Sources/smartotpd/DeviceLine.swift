import Appliance
import CenterClient
import DeviceIdentity
import Glibc
import Logging
import Settings
import SmartOTP

/// This device's registration, and its line to the centre: loaded again when it changes on the disk,
/// its certificate renewed before it ends.
actor DeviceLine {
  private let directory: StateDirectory
  private let loop: ApplianceLoop
  private let logger: Logger
  private var client: CenterClient?
  private var state: DeviceState?

  private static let renewalInterval = Duration.seconds(6 * 3600)

  init(settings: ApplianceSettings, loop: ApplianceLoop, logger: Logger) {
    directory = StateDirectory(settings.state)
    self.loop = loop
    self.logger = logger
  }

  /// Takes what is on the disk now. Without a registration the loop has no centre; why is for the
  /// checks to say.
  func load() async {
    let loaded: DeviceState
    do throws(DeviceIdentityError) { loaded = try DeviceState(loading: directory) } catch {
      await drop()
      return
    }
    do {
      if let state, state.record == loaded.record, state.certificates == loaded.certificates {
        await loop.set(cards: try loaded.cards())
        return
      }
      var configuration = CenterClientConfiguration(
        address: try address(of: loaded), authority: loaded.authority)
      configuration.identity = ClientIdentity(
        certificates: loaded.certificates, key: try loaded.key.pem())
      // The session gives up after ten seconds; so must what it waits for.
      configuration.callTime = .seconds(9)
      let new = try CenterClient(configuration)
      let old = client
      client = new
      state = loaded
      await loop.set(try DeviceContext(state: loaded, center: new))
      old?.abandon()
    } catch {
      logger.error("the registration cannot be used: \(error)")
      await drop()
    }
  }

  private func address(of state: DeviceState) throws(CenterServiceError) -> CenterAddress {
    guard let address = CenterAddress(state.record.center) else {
      throw .unreachable("\(state.record.center) is no address")
    }
    return address
  }

  private func drop() async {
    state = nil
    let old = client
    client = nil
    await loop.set(nil)
    old?.abandon()
  }

  /// Renews the certificate in its last thirty days; until it is cancelled.
  func keepRenewed() async {
    while !Task.isCancelled {
      await renew()
      try? await Task.sleep(for: Self.renewalInterval)
    }
  }

  private func renew() async {
    guard let client, var state, state.record.needsRenewal(at: UnixTime(Int64(time(nil))))
    else { return }
    do {
      // Written to the state directory, whose watch then has it loaded.
      try state.renew(with: try await client.renew(try state.renewalRequest()))
      logger.info("the certificate was renewed")
      await load()
    } catch {
      logger.warning("the certificate could not be renewed: \(error)")
    }
  }

  func shutdown() {
    client?.abandon()
    client = nil
  }
}

extension CenterClient {
  /// Ends the connections without waiting: TLS gives the other side of an event stream five seconds
  /// to say goodbye.
  func abandon() { Task { await shutdown() } }
}
