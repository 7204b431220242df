import ArgumentParser
import Reader

/// Options of every command.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The reader, by its USB port, such as usb:1-1.2, or by libnfc's name, such as pn532_uart:/dev/ttyUSB0.",
      discussion: "Default: $SMARTOTP_READER, then the first reader that works.",
      valueName: "reader"))
  var reader: String?

  @Flag(help: "One JSON object per line.")
  var json = false

  @Flag(name: [.short, .long], help: "Say on standard error what is going on.")
  var verbose = false

  @Option(
    help: ArgumentHelp(
      "The fastest speed for a PN532's serial line.", discussion: "115200 leaves it as it is.",
      valueName: "baud"))
  var lineSpeed: UInt32 = 921_600

  func note(_ text: @autoclosure () -> String) {
    if verbose { StandardError.line("smartotp: \(text())") }
  }

  /// What is done to a port is always said.
  func note(_ notice: ReaderNotice, about reader: String) {
    switch notice {
    case .lost(let error): note("\(reader): \(error.explanation)")
    case .back: note("\(reader): back")
    case .recovering(.reopening): note("\(reader): opened again")
    case .recovering(.restartingDriver): note("\(reader): its driver is started again")
    case .recovering(.portAction(let kind)):
      StandardError.line("smartotp: \(reader) did not answer: \(kind.text)")
    case .recovering(.portActionFailed(let kind)):
      note("\(reader) did not answer: \(kind.text), which failed")
    }
  }
}

/// Options of commands that need a card.
struct CardOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How long to wait for a card.", valueName: "seconds"))
  var wait: Double = 30

  @OptionGroup var trace: TraceOptions

  func validate() throws {
    guard wait >= 0, wait <= 3600 else {
      throw ValidationError("--wait takes 0 to 3600 seconds.")
    }
  }
}

extension PortAction.Kind {
  fileprivate var text: String {
    switch self {
    case .reset: "USB reset"
    case .powerCycle: "power of its port off and on"
    }
  }
}
