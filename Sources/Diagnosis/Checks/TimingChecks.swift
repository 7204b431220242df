import PN53x
import ReaderUSB
import SmartCard

extension Check {
  /// How fast it all is.
  static let timing: [Check] = [
    Check("latency-timer", .timing, "The FTDI adapter passes bytes on at once") { facts in
      guard let tty = facts.machine.tty else { return .notApplicable("no serial port") }
      let path = "/sys/bus/usb-serial/devices/\(tty)/latency_timer"
      guard let milliseconds = facts.machine.files.number(path) else {
        return .notApplicable("not an FTDI adapter")
      }
      guard milliseconds > 4 else { return .pass("\(path) is \(milliseconds)") }
      return .warn(
        .readerFailure, "\(path) is \(milliseconds)",
        cause: "the adapter keeps short answers back this many milliseconds",
        fix: .command(Shell.set(path, to: "1")))
    },

    Check(
      "round-trip", .timing, "The chip answers quickly", needs: chipAnswers + ["latency-timer"]
    ) { facts in
      guard let median = facts.reader.timing.median else { return unanswered(facts) }
      guard median > Limits.roundTrip else {
        return .pass("a command takes \(Milliseconds.text(median))")
      }
      return .warn(
        .readerFailure, "a command takes \(Milliseconds.text(median))",
        cause: "a virtual machine's USB, a hub chain, or a busy computer",
        fix: .advice("plug the reader into the computer itself"))
    },

    Check("jitter", .timing, "The chip answers evenly", needs: chipAnswers + ["round-trip"]) {
      facts in
      guard let median = facts.reader.timing.median, let late = facts.reader.timing.ninetieth else {
        return unanswered(facts)
      }
      let text = "half take \(Milliseconds.text(median)), one in ten \(Milliseconds.text(late))"
      guard late - median > Limits.jitter else { return .pass(text) }
      return .warn(
        .readerFailure, text, cause: "the computer is busy, or the bus has errors and repeats",
        fix: .advice("see what loads the computer; plug the reader in directly"))
    },

    Check("line-rate", .timing, "The serial line is as fast as it says", needs: chipAnswers) {
      facts in
      guard let nominal = facts.reader.information?.lineSpeed else {
        return facts.reader.information == nil ? unopened : .notApplicable("no serial line")
      }
      guard let short = facts.reader.timing.shortEcho, let long = facts.reader.timing.longEcho
      else {
        return unanswered(facts)
      }
      // Ten bits a byte; what both echoes share cancels out.
      let bits = TimingFacts.echoDifference * 10
      let rate = long > short ? bits * 1_000_000 / (long - short) : Int(nominal)
      guard rate * 2 < nominal else { return .pass("\(nominal) baud, about \(rate) were measured") }
      return .warn(
        .readerFailure, "\(nominal) baud were set, about \(rate) were measured",
        cause: "the port's clock is off, or the adapter cannot keep up",
        fix: .advice("use another port or adapter, or --line-speed 115200"))
    },

    Check(
      "card-time", .timing, "The card answers within its own waiting time",
      needs: chipAnswers + ["round-trip", "jitter", "card-kind"]
    ) { facts in
      guard facts.reader.information != nil else { return unopened }
      guard let took = facts.reader.timing.selection, let card = facts.reader.cards.present.first,
        let activation = try? Activation(card)
      else { return .notApplicable("no card that takes APDUs is on the reader") }
      let waiting = Int(activation.frameWaitingTime.microseconds)
      let text =
        "SELECT took \(Milliseconds.text(took)), the card's limit is "
        + Milliseconds.text(waiting)
      // The line's own time is on top of the card's.
      guard took > waiting + 2 * (facts.reader.timing.median ?? 0) else { return .pass(text) }
      return .warn(
        .readerFailure, text, cause: "the card asks for more time, or the air spoils frames",
        fix: .advice("lay the card flat on the middle of the reader"))
    },
  ]
}

/// In microseconds. Far above what a sound reader needs: a PN532 at 115200 baud takes 3 ms, an
/// ACR122U less than 20.
private enum Limits {
  static let roundTrip = 50_000
  static let jitter = 40_000
}

private enum Milliseconds {
  static func text(_ microseconds: Int) -> String { "\(Double(microseconds / 10) / 100) ms" }
}
