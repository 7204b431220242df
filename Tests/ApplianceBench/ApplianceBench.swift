import Appliance
import ApplianceScene
import ArgumentParser
import Simulation

/// How long the appliance takes from the second tap to the code, beside what line, air and card take.
@main
struct ApplianceBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "appliance-bench",
    abstract: "From the second tap to the code on the display, on the paced simulator.",
    discussion: """
      The sum is what the line, the air and the card take for the commands from the one that finds the
      card to the one that makes the code. The rest of the time is ours: programs, pipe, display.
      """)

  @Option(help: "How many transactions.")
  var taps = 40

  func run() async throws {
    let measured = try await Branch.run(timing: .paced) { branch in
      var measured: [Tap] = []
      for number in 1...taps { measured.append(try await Tap.run(number, branch)) }
      return measured
    }
    let ratios = measured.map { $0.total / $0.sum }
    let totals = measured.map(\.total)
    let sums = measured.map(\.sum)
    let half = taps / 2
    func text(_ value: Duration) -> String {
      value.formatted(digits: 2)
    }
    print(
      """
      second tap to code, \(taps) taps, median (range):
        line, air and card  \(text(sums.sorted()[half])) ms
        until it is shown   \(text(totals.sorted()[half])) ms (\(text(totals.sorted()[0])) to \(text(totals.sorted()[taps - 1])))
        ratio               \(ratios.sorted()[half].formatted(digits: 3))
      """)
  }
}

/// One transaction's second tap.
struct Tap {
  /// From the command that finds the card to the code on the display.
  let total: Duration
  /// Of that, line, air and card.
  let sum: Duration

  static func run(_ number: Int, _ branch: Branch) async throws -> Tap {
    _ = branch.center.post("T-\(number)", for: Branch.first)
    await branch.display.until("tap")
    try branch.lay(Branch.first)
    await branch.display.until("transaction")
    try await branch.lift(Branch.first)
    branch.hardware.resetCounters()
    try branch.lay(Branch.first)
    let shown = await branch.display.until("code")
    let tap = Tap(frames: branch.hardware.frames, shown: shown.time)
    await branch.loop.cancel()
    await branch.display.until("idle")
    try await branch.lift(Branch.first)
    return tap
  }

  private static let baud = 921_600.0

  private init(frames: [FrameRecord], shown: Duration) {
    func wire(_ frame: FrameRecord) -> Duration {
      .seconds(Double(frame.bytes.count) * 10 / Self.baud)
    }
    // Command and answer in turn, up to the code.
    var exchanges: [(start: Duration, end: Duration, isFind: Bool)] = []
    var command: FrameRecord?
    for frame in frames where frame.kind == .information && frame.time < shown {
      switch frame.direction {
      case .toChip: command = frame
      case .toHost:
        guard let sent = command else { continue }
        command = nil
        // InListPassiveTarget with a card in its answer.
        let isFind =
          frame.bytes.count > 9 && sent.bytes.contains(0x4A) && frame.bytes[6] == 0x4B
          && frame.bytes[7] > 0
        exchanges.append((sent.time - wire(sent), frame.time + wire(frame), isFind))
      }
    }
    let first = exchanges.lastIndex { $0.isFind } ?? 0
    let used = exchanges[first...]
    sum = used.reduce(.zero) { $0 + ($1.end - $1.start) }
    total = shown - (used.first?.start ?? shown)
  }
}

extension Duration {
  func formatted(digits: Int) -> String {
    (Double(components.attoseconds) / 1e15 + Double(components.seconds) * 1000).formatted(
      digits: digits)
  }
}

extension Double {
  func formatted(digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    return "\((self * scale).rounded() / scale)"
  }
}
