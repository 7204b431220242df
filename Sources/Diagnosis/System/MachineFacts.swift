import ReaderUSB

/// What files, processes and a few programs tell about the machine, read once.
struct MachineFacts: Sendable {
  let system: SystemRoot
  let packages: InstalledPackages
  let users: UserDatabase
  let rules: UdevRules
  let configuration: LibNFCConfiguration
  let processes: ProcessTable
  let kernelLog: KernelLog
  let board: Board?
  let devices: [USBDevice]
  let readers: [AttachedReader]
  let target: Target?
  let programs: ProgramAnswers

  init(system: SystemRoot, readerName: String?) async {
    let files = system.files
    let board = Board(files: files)
    async let programs = ProgramAnswers(system.commands, isRaspberryPi: board != nil)
    self.system = system
    self.board = board
    let bus = USBBus(files: files)
    packages = InstalledPackages(files: files)
    users = UserDatabase(files: files)
    rules = UdevRules(files: files)
    configuration = LibNFCConfiguration(files: files)
    processes = ProcessTable(files: files, excluding: [system.ownProcess])
    kernelLog = KernelLog(files: files)
    devices = bus.devices()
    readers = bus.readers()
    target = Target.choose(
      named: readerName, environment: system.environment, configuration: configuration, bus: bus,
      readers: readers)
    self.programs = await programs
  }

  var files: FileTree { system.files }

  /// The examined reader, when it is one on USB that libnfc drives.
  var usbReader: AttachedReader? {
    target?.attached.flatMap { $0.reader.isDrivable ? $0 : nil }
  }

  /// Whether the reader is one on USB, or may turn out to be.
  var expectsUSB: Bool { target?.connstring.map { $0.bus == .usb } ?? true }

  /// The examined reader's serial bridge.
  var bridge: AttachedReader? {
    target?.attached.flatMap { $0.reader.isSerialBridge ? $0 : nil }
  }

  /// The path of the examined reader's port, when it is not on USB itself.
  var portPath: String? { target?.connstring?.path }

  /// The same behind its links, `/dev/ttyAMA0` for `/dev/serial0`.
  var portNode: String? { portPath.flatMap { files.resolved($0) } }

  /// The serial port's short name, `ttyAMA0`.
  var tty: String? {
    guard target?.connstring?.bus == .serial, let portNode, portNode.hasPrefix("/dev/") else {
      return nil
    }
    return String(portNode.dropFirst("/dev/".count))
  }

  /// The node a program must open for the examined reader.
  var node: String? { usbReader?.device.node ?? portNode }

  var isContainer: Bool {
    files.exists("/run/.containerenv") || files.exists("/.dockerenv")
      || system.environment["container"] != nil
      || (files.text("/proc/1/environ") ?? "").split(separator: "\0").contains {
        $0.hasPrefix("container=")
      }
  }

  var userName: String { users.name(of: system.credentials.user) }
}

/// What programs answered; nil where one is missing or silent.
struct ProgramAnswers: Sendable {
  var throttled: Int?
  var usbCurrentRaised: Bool?
  var clockSynchronised: Bool?
  var service: [String: String] = [:]

  private static let limit = 1000
  static let throttledCommand = ["vcgencmd", "get_throttled"]
  static let currentCommand = ["vcgencmd", "get_config", "usb_max_current_enable"]
  static let clockCommand = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
  static let serviceCommand = [
    "systemctl", "show", "smartotpd.service", "--property=LoadState",
    "--property=PrivateDevices", "--property=DevicePolicy",
  ]

  init(_ commands: any CommandRunner, isRaspberryPi: Bool) async {
    async let clock = commands.output(of: Self.clockCommand, within: Self.limit)
    async let unit = commands.output(of: Self.serviceCommand, within: Self.limit)
    if isRaspberryPi {
      async let power = commands.output(of: Self.throttledCommand, within: Self.limit)
      async let current = commands.output(of: Self.currentCommand, within: Self.limit)
      throttled = Self.hexadecimal(await power)
      usbCurrentRaised = await current.map { $0.trimmed.hasSuffix("=1") }
    }
    clockSynchronised = await clock.flatMap { LibNFCConfiguration.boolean(String($0.trimmed)) }
    for line in (await unit ?? "").split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { service[String(parts[0])] = DisplayText.safe(parts[1]) }
    }
  }

  /// `throttled=0x50005`
  private static func hexadecimal(_ text: String?) -> Int? {
    guard let parts = text?.split(separator: "x"), parts.count == 2 else { return nil }
    return Int(parts[1].trimmed, radix: 16)
  }
}
