// The keys of the file, each where its setting is read.

extension ApplianceSettings {
  init(_ file: Section) {
    self.init()
    state = file.value("state", .path) ?? state
    reader = file.value("reader", .reader) ?? reader
    readerSocket = file.value("reader-socket", .socket)
    language = file.value("language", .choice) ?? language
    display = DisplaySettings(file.section("display"))
    input = InputSettings(file.section("input"))
    branch = BranchSettings(file.section("branch"))
    offlineTOTP = file.list("offline-totp", .credential) ?? offlineTOTP
    times = TimeSettings(file.section("times"))
    logLevel = file.value("log-level", .choice) ?? logLevel
  }
}

extension DisplaySettings {
  init(_ section: Section) {
    terminal = Terminal(section.switchedSection("terminal"))
    lcd = CharacterLCD(section.switchedSection("lcd"))
    oled = OLED(section.switchedSection("oled"))
    keyboard = Keyboard(section.switchedSection("keyboard"))
    serial = Serial(section.switchedSection("serial"))
    leds = LEDs(section.switchedSection("leds"))
    if let lcd, let oled, lcd.bus == oled.bus, lcd.address == oled.address {
      section.refuse("lcd and oled have the same address on the same bus")
    }
  }
}

extension DisplaySettings.Terminal {
  init?(_ section: Section) {
    self.init()
    device = section.value("device", .terminal) ?? device
    guard section.isThere else { return nil }
  }
}

extension DisplaySettings.CharacterLCD {
  init?(_ section: Section) {
    self.init()
    bus = section.value("bus", .path) ?? bus
    address = section.value("address", .busAddress).map { UInt8($0) } ?? address
    columns = section.value("columns", .oneOf([16, 20])) ?? columns
    rows = section.value("rows", .oneOf([2, 4])) ?? rows
    guard section.isThere else { return nil }
  }
}

extension DisplaySettings.OLED {
  init?(_ section: Section) {
    self.init()
    bus = section.value("bus", .path) ?? bus
    address = section.value("address", .busAddress).map { UInt8($0) } ?? address
    width = section.value("width", .oneOf([128])) ?? width
    height = section.value("height", .oneOf([32, 64])) ?? height
    guard section.isThere else { return nil }
  }
}

extension DisplaySettings.Keyboard {
  init?(_ section: Section) {
    self.init()
    device = section.value("device", .path) ?? device
    enter = section.value("enter", .flag) ?? enter
    layoutSafe = section.value("layout-safe", .flag) ?? layoutSafe
    guard section.isThere else { return nil }
  }
}

extension DisplaySettings.Serial {
  init?(_ section: Section) {
    let device = section.required("device", .path)
    let speed = section.value("speed", .oneOf(Self.speeds))
    guard section.isThere, let device else { return nil }
    self.init(device: device)
    self.speed = speed ?? self.speed
  }
}

extension DisplaySettings.LEDs {
  init?(_ section: Section) {
    self.init()
    ready = section.value("ready", .led)
    busy = section.value("busy", .led)
    fault = section.value("fault", .led)
    guard section.isThere else { return nil }
  }
}

extension InputSettings {
  init(_ section: Section) { button = Button(section.switchedSection("button")) }
}

extension InputSettings.Button {
  init?(_ section: Section) {
    let device = section.required("device", .path)
    let cancel = section.list("cancel", .keyName)
    guard section.isThere, let device else { return nil }
    self.init(device: device, cancel: cancel ?? Self.standardCancel)
  }
}

extension BranchSettings {
  init(_ section: Section) {
    self.init()
    switch section.value("socket", .branchSocket) {
    case .path(let path)?: socket = path
    case .absent?: socket = nil
    case nil: break
    }
    port = section.value("port", .number(Self.portRange))
    tokenFile = section.value("token-file", .secretFile)
    showsCode = section.value("show-code", .flag) ?? showsCode
    institution = Institution(section.switchedSection("institution"))
  }
}

private enum BranchSocket {
  case path(String)
  case absent
}

extension ValueKind where Value == BranchSocket {
  fileprivate static var branchSocket: Self {
    let socket = ValueKind<String>.socket
    return Self(expected: "\(socket.expected), or none") { scalar in
      scalar.text == "none" ? .absent : socket.parse(scalar).map { .path($0) }
    }
  }
}

extension BranchSettings.Institution {
  init?(_ section: Section) {
    let certificate = section.required("certificate", .path)
    let key = section.required("key", .secretFile)
    guard section.isThere, let certificate, let key else { return nil }
    self.init(certificate: certificate, key: key)
  }
}

extension TimeSettings {
  init(_ section: Section) {
    self.init()
    show = section.value("show", .number(Self.showRange)) ?? show
    present = section.value("present", .number(Self.presentRange)) ?? present
    awaitCard = section.value("await-card", .number(Self.awaitCardRange)) ?? awaitCard
  }
}
