import Appliance
import SmartOTP

/// What happens to the appliance, in words: `phase showing 42`, `reader lost`, `trouble TEXT`.
struct Script {
  private let appliance: ScriptedAppliance

  init(_ appliance: ScriptedAppliance) {
    self.appliance = appliance
    appliance.answerDoctor(with: .success(ScriptedAppliance.report))
  }

  /// An unknown line is said to be one.
  func carryOut(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 1)
    let rest = words.count > 1 ? String(words[1]) : ""
    switch words.first {
    case "phase": phase(rest)
    case "reader": reader(isThere: rest == "back")
    case "center": center(isThere: rest == "back")
    case "card": card(isThere: rest == "on")
    case "trouble": trouble(rest)
    case "restrict": restrict(fix: rest)
    case "code": code(rest)
    case "institution": institution()
    case "present": present()
    case "doctor": appliance.answerDoctor(with: .failure(.unavailable(rest)))
    default: BranchFixture.say("unknown: \(line)")
    }
  }

  private func phase(_ text: String) {
    let words = text.split(separator: " ")
    guard let name = words.first, let phase = ApplianceStatus.Phase(rawValue: String(name)) else {
      return BranchFixture.say("unknown: \(text)")
    }
    appliance.become(phase, secondsLeft: words.count > 1 ? Int(words[1]) : nil)
  }

  private func reader(isThere: Bool) {
    appliance.change {
      $0.reader.isThere = isThere
      $0.reader.trouble = isThere ? nil : "the reader was unplugged"
    }
    appliance.happen(.reader, isThere ? "back" : "lost", text: "the reader is there or not")
  }

  private func center(isThere: Bool) {
    appliance.change {
      $0.center.isThere = isThere
      $0.center.trouble = isThere ? nil : "no route to host"
    }
    appliance.happen(.center, isThere ? "back" : "lost", text: "the centre is there or not")
  }

  private func card(isThere: Bool) {
    appliance.change { $0.reader.cardIsThere = isThere }
    appliance.happen(.card, isThere ? "entered" : "left", text: "a card came or went")
  }

  private func trouble(_ text: String) {
    appliance.change { $0.troubles.append(Trouble(time: UnixTime(1_795_500_100), text: text)) }
    appliance.happen(.trouble, "trouble", text: text)
  }

  private func restrict(fix: String) {
    appliance.change {
      $0.impediments = [
        Impediment(
          .stateExposed, finding: "/var/lib/smartotp has mode 0755",
          fix: fix.isEmpty ? "sudo chmod 0700 /var/lib/smartotp" : fix)
      ]
    }
    appliance.become(.restricted)
  }

  /// Posts what it is given, from now on.
  private func institution() {
    guard let transaction = try? ScriptedAppliance.transaction() else { return }
    appliance.answerTransactions(with: .success(transaction))
  }

  private func present() {
    guard let transaction = try? ScriptedAppliance.transaction() else { return }
    let screen = Screen.transaction(transaction, until: Moment(milliseconds: 0))
    appliance.show(Picture(.screen(screen), secondsLeft: 42))
    appliance.become(.presenting, secondsLeft: 42)
  }

  /// Shows these digits as a display would.
  private func code(_ text: String) {
    guard let transaction = try? ScriptedAppliance.transaction() else { return }
    let code = ShownCode(text.utf8.map { $0 &- 0x30 }, number: 1)
    appliance.show(Picture(.code(code, for: .transaction(transaction)), secondsLeft: 42))
    appliance.become(.showing, secondsLeft: 42)
  }
}
