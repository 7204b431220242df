import Glibc
import SmartOTP
import Synchronization
import Testing

@testable import Appliance
@testable import Panel

@Suite struct KeyboardGadgetTests {
  static func keyboard(
    _ host: VirtualKeyboardHost, enter: Bool = false, layoutSafe: Bool = true
  ) -> KeyboardGadget {
    KeyboardGadget(
      .init(device: "/dev/hidg0", pressesEnter: enter, isLayoutSafe: layoutSafe),
      opener: { _, _ in host.open() })
  }

  @Test("A code is typed once, however often its picture comes, and Enter after it if asked")
  func once() throws {
    let host = VirtualKeyboardHost()
    let keyboard = Self.keyboard(host, enter: true)
    try keyboard.show(Scene.idle)
    let code = Scene.code(1)
    for left in stride(from: 60, to: 0, by: -1) {
      try keyboard.show(Scene.showing(code, secondsLeft: left))
    }
    try keyboard.show(Scene.idle)
    #expect(host.text == "739164\n")
    try keyboard.show(Scene.showing(ShownCode([0, 1, 2, 3, 4, 5, 8, 0], number: 2)))
    #expect(host.text == "739164\n01234580\n")
    #expect(host.state.withLock { $0.keysDown.isEmpty && $0.violations.isEmpty })
  }

  @Test(
    "Digits are digits on a French layout too, whatever Num Lock is; it is as before afterwards",
    arguments: [true, false], [true, false])
  func numLock(isOn: Bool, toldBefore: Bool) throws {
    let host = VirtualKeyboardHost(numLockIsOn: isOn, isFrench: true)
    if toldBefore { host.tellLights() }
    try Self.keyboard(host).show(Scene.showing())
    #expect(host.text == "739164")
    #expect(host.state.withLock { $0.numLockIsOn == isOn && $0.keysDown.isEmpty })
  }

  @Test("A host that knows no lights gets digits too")
  func noLights() throws {
    let host = VirtualKeyboardHost(numLockIsOn: false, tellsLights: false)
    try Self.keyboard(host).show(Scene.showing())
    #expect(host.text == "739164")
    #expect(host.state.withLock { !$0.numLockIsOn && $0.keysDown.isEmpty })
  }

  @Test("Without the keypad the row above the letters is used, and Num Lock left alone")
  func topRow() throws {
    let host = VirtualKeyboardHost(numLockIsOn: false)
    try Self.keyboard(host, enter: true, layoutSafe: false).show(Scene.showing())
    #expect(host.text == "739164\n")
    #expect(host.state.withLock { $0.reportCount } == 1 + 14)
  }

  @Test("A host that does not fetch its reports costs an error, and nothing is typed late")
  func asleep() throws {
    let host = VirtualKeyboardHost(polls: 0)
    host.fill()
    let keyboard = Self.keyboard(host)
    #expect(throws: DisplayError.self) { try keyboard.show(Scene.showing(Scene.code(1))) }
    host.fetch(1000)
    try keyboard.show(Scene.idle)
    #expect(host.text == "")
  }

  @Test("A host that wakes up while the code is shown gets it then, once")
  func awake() throws {
    let host = VirtualKeyboardHost(polls: 0)
    host.tellLights()
    host.fill()
    let keyboard = Self.keyboard(host)
    let code = Scene.code(1)
    #expect(throws: DisplayError.self) { try keyboard.show(Scene.showing(code)) }
    host.wakeUp()
    for left in [59, 58, 57] { try keyboard.show(Scene.showing(code, secondsLeft: left)) }
    #expect(host.text == "739164")
  }

  @Test(
    "A host that stops within a code gets no second one, and no key stays down", arguments: [4, 5])
  func interrupted(polls: Int) throws {
    let host = VirtualKeyboardHost(polls: polls)
    host.tellLights()
    let keyboard = Self.keyboard(host)
    let code = Scene.code(1)
    #expect(throws: DisplayError.self) { try keyboard.show(Scene.showing(code)) }
    let typed = host.text
    host.wakeUp()
    #expect("739164".hasPrefix(typed) && !typed.isEmpty && typed != "739164")
    for picture in [Scene.showing(code, secondsLeft: 50), Scene.idle] {
      try keyboard.show(picture)
      #expect(host.text == typed)
    }
    #expect(host.state.withLock { $0.keysDown.isEmpty && $0.violations.isEmpty })
  }

  @Test("A cable that is pulled while Num Lock is asked for costs an error")
  func pulled() throws {
    let host = VirtualKeyboardHost()
    host.state.withLock { $0.isPulledAtNumLock = true }
    #expect(throws: DisplayError.self) { try Self.keyboard(host).show(Scene.showing()) }
    #expect(host.text == "")
  }

  @Test("A code that was wiped meanwhile is not typed")
  func wiped() throws {
    let host = VirtualKeyboardHost()
    let code = Scene.code(1)
    code.wipe()
    try Self.keyboard(host).show(Scene.showing(code))
    #expect(host.text == "")
  }

  @Test("A gadget that is not set up is named")
  func absent() {
    let keyboard = KeyboardGadget(.init(device: "/dev/no-such-hidg"))
    #expect {
      try keyboard.show(Scene.idle)
    } throws: {
      guard case .some(.absent(let text)) = $0 as? DisplayError else { return false }
      return text.contains("/dev/no-such-hidg")
    }
  }
}
