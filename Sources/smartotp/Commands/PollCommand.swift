import ArgumentParser
import Reader
import SmartCard

struct PollCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "poll",
    abstract: "Prints a line as each card enters or leaves.",
    discussion: """
      Looks for ISO 14443 cards of Type A and Type B until Ctrl-C, or for the time given. A reader \
      that is unplugged is said to be lost, and waited for. With --for, the status is 75 when no \
      card came, and that of the failure when the reader is lost at the end.

      Examples:
        smartotp poll
        smartotp poll --for 10 --json
      """)

  @OptionGroup var options: GlobalOptions

  @Option(name: .customLong("for"), help: ArgumentHelp("Stop after so long.", valueName: "seconds"))
  var duration: Double?

  func validate() throws {
    guard duration.map({ $0 > 0 && $0 <= 86_400 * 365 }) ?? true else {
      throw ValidationError("--for takes a positive number of seconds.")
    }
  }

  func run() async throws {
    try await ReaderSession(options: options).run { reader in
      let end = ContinuousClock.now + .seconds(duration ?? 86_400 * 365)
      var seen = false
      var loss: ReaderError?
      var present: [Activation] = []
      while ContinuousClock.now < end, !Task.isCancelled {
        // One request to the driver lasts an hour at most.
        let until = min(end, ContinuousClock.now + .seconds(1800))
        for await event in reader.cardEvents(until: until) {
          switch event {
          case .failed(let error): throw CommandFailure(error)
          // Said already, before the half-hour was over.
          case .readerLost where loss != nil: continue
          case .readerLost(let error): loss = error
          case .readerBack: loss = nil
          case .entered, .malformedCardEntered: seen = true
          case .left: break
          case .clear: continue
          }
          for line in CardLine.lines(for: event, present: present) {
            StandardOutput.line(options.json ? JSONLine.text(line) : line.text)
          }
          if case .entered(let cards) = event { present = cards } else { present = [] }
        }
      }
      if Task.isCancelled { throw CommandFailure("interrupted", .interrupted) }
      if let loss { throw CommandFailure(loss) }
      if !seen { throw CommandFailure(.noCard) }
    }
  }
}
