import Appliance
import BranchAPI
import DeviceIdentity
import Glibc
import Logging
import Permissions
import Reader
import ServiceLifecycle
import Settings
import SmartOTP
import Systemd

/// One appliance at work, with everything around its loop.
struct RunningAppliance: Sendable {
  let loop: ApplianceLoop
  private let guardian: ApplianceGuard
  private let line: DeviceLine
  private let institution: InstitutionLine?
  private let tasks: [Task<Void, Never>]
  private let branch: (group: ServiceGroup, task: Task<Void, Never>)?
  private let logger: Logger

  static func start(
    _ settings: ApplianceSettings, logger: Logger, notifier: ServiceNotifier
  ) async throws -> RunningAppliance {
    let guardian = ApplianceGuard(
      settings: settings, executable: Invocation.current.executable)
    let panel = ConfiguredPanel(settings)
    for warning in panel.warnings { logger.warning("\(warning)") }
    let institution = InstitutionLine.configured(settings, logger: logger)
    let relay = LoopRelay()
    var configuration = ApplianceConfiguration(
      version: Version.text, times: SessionTimes(settings.times), language: settings.language)
    configuration.plainCredentials = settings.offlineTOTP
    let loop = ApplianceLoop(
      configuration: configuration,
      displays: panel.displays,
      services: services(settings, institution, relay, logger))
    relay.loop = loop
    let report = await guardian.report()
    for warning in report.warnings { logger.warning("\(warning)") }
    await loop.start(impediments: report.impediments)

    let line = DeviceLine(settings: settings, loop: loop, logger: logger)
    await line.load()
    let notices = AsyncStream<ReaderNotice>.makeStream(bufferingPolicy: .bufferingNewest(256))
    await loop.attach(
      ReaderChoice(settings: settings).open { notices.continuation.yield($0) })

    let branch = BranchServer.group(settings, loop, logger)
    var tasks = panel.inputs.map { input in
      Task { for await press in input.presses() where press == .cancel { await loop.cancel() } }
    }
    tasks.append(Task { for await notice in notices.stream { await loop.take(notice) } })
    tasks.append(Task { await line.keepRenewed() })
    tasks.append(Task { await Self.say(loop, to: notifier) })
    tasks.append(Task { await Self.feedWatchdog(loop, notifier) })
    tasks.append(
      Task {
        for await _ in StateWatch.changes(in: settings.state) {
          await line.load()
          await loop.restrict(await guardian.report().impediments)
        }
      })
    return RunningAppliance(
      loop: loop, guardian: guardian, line: line, institution: institution, tasks: tasks,
      branch: branch.map { group in
        let task = Task {
          do { try await group.run() } catch { logger.error("the branch API ended: \(error)") }
        }
        return (group, task)
      },
      logger: logger)
  }

  private static func services(
    _ settings: ApplianceSettings, _ institution: InstitutionLine?, _ relay: LoopRelay,
    _ logger: Logger
  ) -> ApplianceServices {
    let doctor = ExecutablePath.sibling("smartotp", of: Invocation.current.executable)
    let name = settings.reader == ApplianceSettings.automaticReader ? nil : settings.reader
    var services = ApplianceServices(
      readers: {
        guard let loop = relay.loop else { return [] }
        return await ReaderChoice.attached(to: loop)
      },
      doctor: { () async throws(BranchRefusal) -> String in
        guard let doctor else { throw .unavailable("smartotp is not installed here") }
        return try await DoctorRun(program: doctor, reader: name).report()
      },
      log: { logger.log($0) })
    services.clockIsSet = { SystemClock().isSet }
    if let institution {
      services.post = { (transaction, key) async throws(CenterServiceError) -> Transaction in
        try await institution.post(transaction, idempotencyKey: key)
      }
    }
    return services
  }

  func checkAgain() async {
    let report = await guardian.report()
    for warning in report.warnings { logger.warning("\(warning)") }
    await line.load()
    await loop.restrict(report.impediments)
  }

  /// Returns when no transaction is at hand, at the latest when the longest is over.
  func rest() async {
    let events = loop.events()
    let limit = Task {
      try? await Task.sleep(for: .seconds(240))
      await loop.cancel()
    }
    defer { limit.cancel() }
    guard await !loop.isResting() else { return }
    for await _ in events where await loop.isResting() { return }
  }

  func stop() async {
    await branch?.group.triggerGracefulShutdown()
    await loop.stop()
    // Its answers under way have half a second.
    await branch?.task.value
    for task in tasks { task.cancel() }
    await line.shutdown()
    institution?.shutdown()
  }

  // MARK: - The service manager

  private static func say(_ loop: ApplianceLoop, to notifier: ServiceNotifier) async {
    guard notifier.isConnected else { return }
    for await event in loop.events() where event.kind == .phase || event.kind == .reader {
      notifier.status(event.text)
    }
  }

  /// Fed by the loop's own progress: an appliance that is stuck is started again.
  private static func feedWatchdog(_ loop: ApplianceLoop, _ notifier: ServiceNotifier) async {
    guard let watchdog = Watchdog() else { return }
    while !Task.isCancelled {
      if await loop.isAlive() { notifier.watchdog() }
      try? await Task.sleep(for: watchdog.timeout / 3)
    }
  }
}

/// Where the loop's services find the loop: they are made before it.
private final class LoopRelay: @unchecked Sendable {
  // Written once, before the loop begins.
  weak var loop: ApplianceLoop?
}

extension SessionTimes {
  init(_ settings: TimeSettings) {
    self.init()
    // The last tenth of a second is for the displays: none shows a code past its minute.
    show = Int64(settings.show) * 1000 - 100
    present = Int64(settings.present) * 1000
    awaitCard = Int64(settings.awaitCard) * 1000
  }
}

extension InstitutionLine {
  static func configured(_ settings: ApplianceSettings, logger: Logger) -> InstitutionLine? {
    guard let files = settings.branch.institution else { return nil }
    do {
      let device = try DeviceState(loading: StateDirectory(settings.state))
      return try InstitutionLine(files, device: device)
    } catch {
      logger.warning("branch.institution cannot be used: \(error)")
      return nil
    }
  }
}

extension Logger {
  func log(_ line: LogLine) {
    let level: Logger.Level =
      switch line.level {
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
    let metadata: Logger.Metadata? = line.transaction.map { ["transaction": "\($0)"] }
    log(level: level, "\(line.text)", metadata: metadata)
  }
}
