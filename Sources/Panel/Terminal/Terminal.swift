import Appliance
import CLinux
import Glibc
import Messages
import SmartOTP
import Synchronization

/// A terminal: a console, a serial line, an ssh session, or plain standard output.
public final class Terminal: OTPDisplay {
  public struct Configuration: Hashable, Sendable {
    /// Of a device this program has for itself, `/dev/tty1`, or `-` for standard output.
    public var device: String
    /// As in TERM; nil where it is not known.
    public var type: String?
    public var isColored: Bool
    /// Writes the code also to a standard output that is no terminal. It stays there: for tests and
    /// pipes to other programs.
    public var showsCodeInStream = false

    public init(device: String, type: String?, isColored: Bool) {
      self.device = device
      self.type = type
      self.isColored = isColored
    }

    /// Takes TERM, which is about this program's own terminal, and NO_COLOR (no-color.org) from the
    /// environment. Another device is taken for the kernel's console or, on a serial line, a VT100.
    public init(device: String) { self.init(device: device, variable: Self.variable) }

    init(device: String, variable: (String) -> String?) {
      let isOwn = device == "-" || device == "/dev/tty"
      let type = isOwn ? variable("TERM") : Self.isConsole(device) ? "linux" : "vt100"
      self.init(device: device, type: type, isColored: variable("NO_COLOR") == nil)
    }

    private static func variable(_ name: String) -> String? {
      guard let value = getenv(name), value.pointee != 0 else { return nil }
      return String(cString: value)
    }

    private static func isConsole(_ device: String) -> Bool {
      device == "/dev/console"
        || device.hasPrefix("/dev/tty") && device.dropFirst(8).allSatisfy { $0.isNumber }
    }
  }

  private enum Writer {
    case screen(ScreenPainter)
    case lines(LinePrinter)
  }

  private struct State: ~Copyable {
    var file: DeviceFile?
    var writer: Writer
    var pages = PageTurner(secondsPerPage: 4)
  }

  public let name = "terminal"
  private let configuration: Configuration
  private let kind: TerminalKind
  private let opener: DeviceOpener
  private let state: Mutex<State>

  /// Opens nothing; the first picture does.
  public convenience init(_ configuration: Configuration) {
    self.init(configuration, opener: systemOpener)
  }

  init(_ configuration: Configuration, opener: @escaping DeviceOpener) {
    self.configuration = configuration
    self.opener = opener
    kind = TerminalKind(name: configuration.type)
    state = Mutex(State(writer: .lines(LinePrinter(destination: .terminal))))
  }

  public func show(_ picture: Picture) throws(DisplayError) {
    let deadline = Deadline(milliseconds: Deadline.pictureMilliseconds)
    try state.withLock { state throws(DisplayError) in
      if state.file == nil { try open(&state) }
      guard let size = state.file?.terminalSize else { return }
      var bytes = render(picture, size, &state)
      defer { bytes.overwrite() }
      do throws(DisplayError) { try state.file?.write(bytes, by: deadline) } catch {
        // What of it arrived is not known: the next picture starts from nothing.
        state.file = nil
        throw error
      }
    }
  }

  private func open(_ state: inout State) throws(DisplayError) {
    let isStandardOutput = configuration.device == "-"
    let file =
      isStandardOutput
      ? try DeviceFile(standardOutputWith: opener)
      : try DeviceFile(opening: configuration.device, with: opener)
    if file.isTerminal && !isStandardOutput { file.silenceKeyboard() }
    state.writer = writer(isTerminal: file.isTerminal, isOwned: !isStandardOutput)
    state.file = consume file
  }

  private func writer(isTerminal: Bool, isOwned: Bool) -> Writer {
    guard isTerminal else {
      let showsCode = configuration.showsCodeInStream
      return .lines(LinePrinter(destination: .stream(showsCode: showsCode)))
    }
    guard kind != .dumb else { return .lines(LinePrinter(destination: .terminal)) }
    return .screen(ScreenPainter(isColored: configuration.isColored, isOwned: isOwned))
  }

  private func render(
    _ picture: Picture, _ size: TextSize, _ state: inout State
  ) -> [UInt8] {
    let texts = kind.hasEveryScript ? Texts.full(picture.language) : Texts.latin
    switch state.writer {
    case .lines(var printer):
      defer { state.writer = .lines(printer) }
      return printer.print(picture, in: texts, size: size)
    case .screen(var painter):
      defer { state.writer = .screen(painter) }
      guard !picture.isBlank else { return painter.leave() }
      let layout = TextLayout(
        size: size, texts: texts, isLatin: !kind.hasEveryScript, hasLargeDigits: true)
      let rows = layout.rows(of: picture) { state.pages.page(of: picture, count: $0) }
      return painter.paint(rows, size: size, code: picture.code)
    }
  }
}

extension Picture {
  var isBlank: Bool { if case .blank = content { true } else { false } }
}

extension PageTurner {
  /// The page of the picture's transaction; pictures without one start anew.
  mutating func page(of picture: Picture, count: Int) -> Int {
    guard case .screen(.transaction(let transaction, _)) = picture.content else { return 0 }
    return page(of: transaction.id, count: count, secondsLeft: picture.secondsLeft)
  }
}
