import PN53x
import Reader

extension Check {
  /// What the chip says of itself.
  static let chip: [Check] = [
    Check("reader-stays", .chip, "The reader stays on the bus", needs: opening) { facts in
      guard let reader = facts.machine.target?.attached else { return noUSB }
      if case .notTried = facts.reader.opening { return .unseen("the reader was left alone") }
      guard facts.reader.hasLeft else { return .pass("\(reader.name) is where it was") }
      return .fail(
        .readerFailure, "\(reader.reader.name) left \(reader.name) while it was asked",
        cause: "somebody unplugged it, or it lost its supply when its field came on",
        fix: .advice("plug it in again, directly or into a powered hub"))
    },

    Check(
      "reader-opens", .chip, "The reader opens",
      needs: opening + ["reader-stays"]
    ) { facts in
      switch facts.reader.opening {
      case .opened(let information): return .pass("\(information.chip) (\(information.name))")
      case .notTried: return .unseen("it was not tried")
      case .failed(let error):
        let (status, cause, fix) = OpeningFailure.judge(error, facts)
        return .fail(status, OpeningFailure.text(error, facts), cause: cause, fix: fix)
      }
    },

    Check("driver-survives", .chip, "The driver program does not crash", needs: ["reader-opens"]) {
      facts in
      guard facts.reader.information != nil else { return unopened }
      let signal = facts.reader.failures.lazy.compactMap { error -> Int32? in
        if case .fault(.driverKilled(let signal)) = error { signal } else { nil }
      }.first
      guard let signal else { return .pass("no crash in \(facts.reader.commands) commands") }
      return .fail(
        .internalError, "smartotp-reader was ended by signal \(signal)",
        cause: "libnfc trips over what a card or the chip sent",
        fix: .advice("take the card away and run it again; if it stays, the card does it"))
    },

    Check(
      "libnfc-loaded", .chip, "The driver uses the package's libnfc",
      needs: ["reader-opens", "libnfc-copies"]
    ) { facts in
      guard facts.reader.information != nil else { return unopened }
      guard let path = facts.reader.loadedLibrary else {
        return .notApplicable("the driver's memory map is not to be seen")
      }
      guard path.hasPrefix("/usr/local/"), facts.machine.packages["libnfc6"] != nil else {
        return .pass(path)
      }
      return .warn(
        .configuration, "smartotp-reader has loaded \(path)",
        cause: "a libnfc built by hand comes before the package's",
        fix: .manual("sudo rm /usr/local/lib/libnfc.* && sudo ldconfig"))
    },

    Check(
      "chip-steady", .chip, "The chip answers every command",
      needs: ["reader-stays", "reader-opens", "driver-survives"]
    ) { facts in
      guard facts.reader.information != nil else { return unopened }
      guard let error = facts.reader.failures.first else {
        return .pass("\(facts.reader.commands) of \(facts.reader.commands) commands answered")
      }
      let isOnUSB = facts.machine.usbReader != nil
      return .fail(
        .readerFailure,
        "\(facts.reader.failures.count) of \(facts.reader.commands) commands got no answer: "
          + error.explanation,
        cause: isOnUSB
          ? "the reader hangs, or its cable or hub fails"
          : "the chip loses its supply for moments, or the line its bytes",
        fix: .advice(
          isOnUSB
            ? "unplug it for five seconds; use another cable, or a powered hub"
            : "feed the board from 5 V, not from the 3.3 V pin; shorten the wires"))
    },

    Check("chip-identity", .chip, "The chip is one of the family", needs: chipAnswers) { facts in
      guard let bytes = facts.reader.firmware else { return unanswered(facts) }
      guard let version = facts.reader.version, version.chip != .unknown else {
        return .fail(
          .readerFailure, "the version's bytes are \(Bytes.text(bytes))",
          cause: "the line damages bytes, or this is no PN53x",
          fix: .advice("check the reader's type and its wires"))
      }
      return .pass(facts.reader.information?.chip ?? Bytes.text(bytes))
    },

    Check("chip-step", .chip, "Answers belong to their commands", needs: chipAnswers) { facts in
      let echoes = facts.reader.echoes
      guard echoes.count > 1 else { return unanswered(facts) }
      let late = zip(echoes, echoes.dropFirst()).contains { $1.received == $0.sent }
      guard !late else {
        return .fail(
          .readerFailure, "an answer belonged to the command before",
          cause: "an interrupted program left an answer in the reader",
          fix: .advice("unplug the reader and plug it in again"))
      }
      return .pass("\(echoes.count) answers, each to its command")
    },

    Check(
      "chip-line", .chip, "Bytes reach the chip and come back", needs: chipAnswers + ["chip-step"]
    ) { facts in
      guard let first = facts.reader.echoes.first else { return unanswered(facts) }
      guard let wrong = facts.reader.echoes.first(where: { $0.received != $0.sent }) else {
        return .pass(
          "\(first.sent.count) bytes sent and received \(facts.reader.echoes.count) times")
      }
      return .fail(
        .readerFailure, "sent \(Bytes.text(wrong.sent)), got \(Bytes.text(wrong.received))",
        cause: "a bad cable, loose wires, or a wrong speed",
        fix: .advice("shorten and fasten the wires; try --line-speed 115200"))
    },

    selfTest(
      "chip-rom", "The chip's ROM is sound", \.rom, cause: "the chip is damaged or a bad copy",
      fix: "replace the reader"),
    selfTest(
      "chip-ram", "The chip's RAM is sound", \.ram,
      cause: "the chip is damaged, or its supply weak",
      fix: "feed it from 5 V; if it stays, replace the reader"),
    selfTest(
      "chip-antenna", "The antenna is connected", \.antenna,
      cause: "the antenna is open or shorted: a torn track, a cut or soaked board",
      fix: "look at the antenna's tracks and wires; replace the reader"),

    Check("chip-status", .chip, "The chip reports no trouble", needs: chipAnswers) { facts in
      guard let status = facts.reader.generalStatus else { return unanswered(facts) }
      let error = ChipStatus(rawValue: status.first ?? 0)
      guard error.meaning == .hardware else {
        return .pass("last error \(Bytes.text([status.first ?? 0]))")
      }
      return .fail(
        .readerFailure, "the chip reports \(Bytes.text([error.rawValue])): \(error.explanation)",
        cause: "metal on the antenna, or the chip is too hot",
        fix: .advice("take the reader off metal and let it cool"))
    },

    Check("chip-behaviour", .chip, "The chip behaves as its maker says", needs: chipAnswers) {
      facts in
      guard let status = facts.reader.generalStatus, let firmware = facts.reader.firmware else {
        return unanswered(facts)
      }
      // Err, Field, NbTg, four bytes a target, and the PN532's and PN533's SAM status.
      let targets = status.count > 2 ? Int(status[2]) : 0
      let isPlausible =
        status.count >= 3 + 4 * targets && status.count <= 4 + 4 * targets && targets <= 2
      let claimsBoth = firmware.count < 4 || firmware[3] & 0x03 == 0x03
      guard !isPlausible || !claimsBoth else { return .pass("as documented") }
      return .warn(
        .readerFailure,
        isPlausible
          ? "its version \(Bytes.text(firmware)) claims to lack Type A or Type B"
          : "its status \(Bytes.text(status)) does not have the documented form",
        cause: "a copy of the chip, or of the reader's firmware",
        fix: .advice("it may work; if not, use a reader of a known maker"))
    },
  ]

  /// What would explain beforehand that the reader does not open, or must be left alone.
  private static let opening = [
    "libnfc-installed", "libnfc-cache", "reader-program", "reader-name", "configured-reader",
    "serial-speed", "usb-present", "reader-supported", "reader-attached", "usb-authorized",
    "usb-configured", "usb-node", "usb-descriptors", "serial-driver", "uart-enabled",
    "serial-console", "pi5-uart", "i2c-enabled", "spi-enabled", "node-access", "kernel-driver",
    "pcscd-holds", "reader-held", "port-held", "serial-getty",
  ]
  static let chipAnswers = ["reader-stays", "reader-opens", "driver-survives", "chip-steady"]
  static let unopened = Verdict.unseen("the reader is not open")

  static func unanswered(_ facts: Facts) -> Verdict {
    if facts.reader.information == nil { return unopened }
    return .unseen(
      facts.reader.isCutShort ? "no time was left to ask that" : "the chip did not answer that")
  }

  private static func selfTest(
    _ id: String, _ title: String, _ result: KeyPath<ReaderFacts, UInt8?> & Sendable, cause: String,
    fix: String
  ) -> Check {
    Check(id, .chip, title, needs: chipAnswers) { facts in
      guard facts.reader.version?.chip != .pn531 || id != "chip-antenna" else {
        return .notApplicable("a PN531 has no such test")
      }
      guard let result = facts.reader[keyPath: result] else { return unanswered(facts) }
      guard result == 0 else {
        return .fail(
          .readerFailure, "the chip's own test says \(Bytes.text([result]))", cause: cause,
          fix: .advice(fix))
      }
      return .pass("the chip's own test says 00")
    }
  }
}

/// Bytes as people write them.
enum Bytes {
  static func text(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "0\(digits)" : digits
    }.joined(separator: " ")
  }
}
