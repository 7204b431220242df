import Appliance
import ApplianceScene
import Reader
import Simulation
import SmartOTP
import Testing

/// The whole loop on the real libnfc: only the chip, the cards and the centre are not real.
@Suite(.timeLimit(.minutes(1)))
struct LoopTests {
  @Test func aPushedTransactionAndTwoTapsMakeTheRightCode() async throws {
    try await Branch.run { branch in
      let transaction = branch.center.post("T-0001", for: Branch.first)
      await branch.display.until("tap")
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      try await branch.lift(Branch.first)
      try branch.lay(Branch.first)
      let shown = await branch.display.until("code")
      let expected = try branch.code(of: transaction)
      #expect(shown.code == expected)
      #expect(branch.center.claims == 1)
    }
  }

  @Test func withoutAPushTheFirstTapLooksUpWhatIsPending() async throws {
    try await Branch.run { branch in
      let transaction = branch.center.post("T-0002", for: Branch.second, isPushed: false)
      try branch.lay(Branch.second)
      await branch.display.until("transaction")
      try await branch.lift(Branch.second)
      try branch.lay(Branch.second)
      let shown = await branch.display.until("code")
      let expected = try branch.code(of: transaction)
      #expect(shown.code == expected)
    }
  }

  @Test func aTapWithNothingPendingSaysSoAndRests() async throws {
    try await Branch.run { branch in
      try branch.lay(Branch.first)
      let shown = await branch.display.next { $0.notice == .nothingPending }
      #expect(shown.words == "idle")
      #expect(branch.center.claims == 0)
    }
  }

  @Test func anotherCardAtTheSecondTapMakesNothingAndTheRightOneStillDoes() async throws {
    try await Branch.run { branch in
      let transaction = branch.center.post("T-0003", for: Branch.first)
      await branch.display.until("tap")
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      try await branch.lift(Branch.first)
      try branch.lay(Branch.second)
      let shown = await branch.display.next { $0.notice == .card(.otherCard) }
      #expect(shown.words == "transaction")
      try await branch.lift(Branch.second)
      try branch.lay(Branch.first)
      let code = await branch.display.until("code").code
      let expected = try branch.code(of: transaction)
      #expect(code == expected)
      #expect(branch.center.cancelled.isEmpty)
    }
  }

  @Test func theCodeIsWipedFromDisplaysAndMemoryWhenItsTimeIsOver() async throws {
    var times = SessionTimes()
    times.show = 1_200
    try await Branch.run(times: times) { branch in
      _ = branch.center.post("T-0004", for: Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      try await branch.lift(Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("code")
      guard case .code(let code, _) = await branch.loop.picture().content else {
        Issue.record("the loop shows no code")
        return
      }
      await branch.display.until("idle")
      #expect(code.withDigits { $0.isEmpty })
      let shown = branch.display.all.filter { $0.words == "code" }.compactMap(\.secondsLeft)
      #expect(shown == shown.sorted(by: >) && shown.first == 2)
    }
  }

  @Test func aCodeThatTheBankAcceptedLeavesDisplaysAndMemoryAtOnce() async throws {
    try await Branch.run { branch in
      let transaction = branch.center.post("T-0016", for: Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      try await branch.lift(Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("code")
      guard case .code(let code, _) = await branch.loop.picture().content else {
        Issue.record("the loop shows no code")
        return
      }
      branch.center.push(.transactionClosed, transaction)
      let shown = await branch.display.next { $0.notice == .closed }
      #expect(shown.words == "idle")
      #expect(code.withDigits { $0.isEmpty })
      // The customer is done: nothing is given back, and the card that still lies there is no tap.
      #expect(branch.center.cancelled.isEmpty && branch.center.claims == 1)
    }
  }

  @Test func aCancellationGivesTheTransactionBackAndRests() async throws {
    try await Branch.run { branch in
      let transaction = branch.center.post("T-0005", for: Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      await branch.loop.cancel()
      let shown = await branch.display.next { $0.notice == .cancelled }
      #expect(shown.words == "idle")
      await branch.loop.stop()
      #expect(branch.center.cancelled == [transaction.id])
    }
  }

  @Test func aCardPulledWhileItCalculatesAndPutBackStillMakesTheRightCode() async throws {
    try await Branch.run { branch in
      let transaction = branch.center.post("T-0006", for: Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      try await branch.lift(Branch.first)
      // Its third APDU is the calculation.
      branch.hardware.arm(try Fault(parsing: "card,apdu=2,pull-during,back=120"))
      try branch.lay(Branch.first)
      let code = await branch.display.until("code").code
      let expected = try branch.code(of: transaction)
      #expect(code == expected)
      #expect(branch.hardware.faultsFired == 1)
    }
  }

  @Test(arguments: ["drop", "flip=40", "hold=400"])
  func aDisturbedLineIsNoSecondTapOfACardThatNeverLeft(fault: String) async throws {
    try await Branch.run { branch in
      _ = branch.center.post("T-0007", for: Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      for frame in 0..<12 {
        branch.hardware.arm(try Fault(parsing: "line,to=host,frame=\(frame),byte=6,\(fault)"))
      }
      let commands = branch.hardware.counters.commands
      // Until the watch has worked its way through them all, and beyond; looked at as the countdown
      // goes on.
      var second = 60
      while branch.hardware.faultsFired < 12 || branch.hardware.counters.commands < commands + 40 {
        second -= 1
        let next = second
        _ = await branch.display.next { ($0.secondsLeft ?? .max) <= next }
      }
      let words = branch.display.all.map(\.words)
      #expect(!words.contains("making") && !words.contains("code"))
    }
  }

  @Test func aDeadReaderIsShownAndTheTransactionGoesOnWhenItIsBack() async throws {
    try await Branch.run { branch in
      let transaction = branch.center.post("T-0008", for: Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      branch.hardware.arm(try Fault(parsing: "line,to=host,frame=0,byte=0,cut"))
      await branch.display.until("reader-lost")
      branch.hardware.disarm()
      branch.hardware.heal()
      await branch.display.until("transaction")
      // The card lay there all the time: coming back with the reader is no tap.
      #expect(!branch.display.all.contains { $0.words == "making" })
      try await branch.lift(Branch.first)
      try branch.lay(Branch.first)
      let code = await branch.display.until("code").code
      let expected = try branch.code(of: transaction)
      #expect(code == expected)
    }
  }

  @Test func aCentreThatIsAwayIsSaidAtTheTap() async throws {
    try await Branch.run { branch in
      branch.loseCenter()
      await branch.display.until("idle-without-centre")
      try branch.lay(Branch.first)
      let shown = await branch.display.next { $0.notice == .center(.unreachable) }
      #expect(shown.words == "idle-without-centre")
      branch.center.fail(with: nil)
      branch.center.update(.connected)
      await branch.display.until("idle")
    }
  }

  @Test func withTheCentreAwayTwoTapsMakeAPlainCodeWhereItIsWanted() async throws {
    try await Branch.run(plainCredentials: ["Nobody", "Hankang"]) { branch in
      branch.loseCenter()
      await branch.display.until("idle-for-plain-codes")
      try branch.lay(Branch.first)
      await branch.display.until("plain-code")
      try await branch.lift(Branch.first)
      let start = Branch.now
      try branch.lay(Branch.first)
      let shown = await branch.display.until("code")
      let possible = try branch.plainCodes(since: start)
      #expect(possible.contains(shown.code ?? ""))
      #expect(shown.secondsLeft.map { (31...60).contains($0) } == true)
      #expect(branch.center.claims == 0)
      await branch.loop.cancel()
      await branch.display.until("idle-for-plain-codes")
      #expect(branch.center.cancelled.isEmpty)
    }
  }

  @Test func anotherCardAtTheSecondTapMakesNoPlainCode() async throws {
    try await Branch.run(plainCredentials: ["Hankang"]) { branch in
      branch.loseCenter()
      await branch.display.until("idle-for-plain-codes")
      try branch.lay(Branch.first)
      await branch.display.until("plain-code")
      try await branch.lift(Branch.first)
      try branch.lay(Branch.second)
      let shown = await branch.display.next { $0.notice == .card(.otherCard) }
      #expect(shown.words == "plain-code")
    }
  }

  @Test func aCardWithoutTheCredentialsSaysSo() async throws {
    try await Branch.run(plainCredentials: ["Nobody", "smartotp:K01:12345678"]) { branch in
      branch.loseCenter()
      await branch.display.until("idle-for-plain-codes")
      try branch.lay(Branch.first)
      await branch.display.until("plain-code")
      try await branch.lift(Branch.first)
      try branch.lay(Branch.first)
      let shown = await branch.display.next { $0.notice == .card(.noPlainCode) }
      #expect(shown.words == "idle-for-plain-codes")
    }
  }

  @Test func withoutASetClockThereAreNoPlainCodes() async throws {
    try await Branch.run(plainCredentials: ["Hankang"], clockIsSet: false) { branch in
      branch.loseCenter()
      await branch.display.until("idle-without-centre")
      try branch.lay(Branch.first)
      let shown = await branch.display.next { $0.notice == .center(.unreachable) }
      #expect(shown.words == "idle-without-centre")
      let troubles = await branch.loop.status().troubles.map(\.text)
      #expect(troubles.contains { $0.contains("clock is not set") })
    }
  }

  @Test func anotherProgramHasTheReaderForAWhile() async throws {
    try await Branch.run { branch in
      let loan = try await branch.loop.lendReader()
      await branch.display.until("reader-lost")
      let chip = try await Branch.chip(of: branch.hardware)
      #expect(chip.contains("PN532"))
      // One at a time, and what is pushed waits.
      await #expect(throws: BranchRefusal.self) { _ = try await branch.loop.lendReader() }
      _ = branch.center.post("T-0021", for: Branch.first)
      let events = branch.loop.events()
      loan.end()
      loan.end()
      await branch.display.until("tap")
      // What lies there when the reader comes back is no tap: it must have been clear.
      for await event in events where event.kind == .card && event.value == "left" { break }
      await #expect(throws: BranchRefusal.self) { _ = try await branch.loop.lendReader() }
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
    }
  }

  @Test func aForgottenLoanIsOver() async throws {
    try await Branch.run { branch in
      _ = try await branch.loop.lendReader()
      await branch.display.until("idle")
    }
  }

  @Test func aWithdrawnCardIsForgottenAtOnce() async throws {
    try await Branch.run { branch in
      let transaction = branch.center.post("T-0009", for: Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      branch.center.push(.cardWithdrawn, transaction)
      _ = await branch.display.next { $0.notice == .center(.cardLost) }
      try await branch.lift(Branch.first)
      try branch.lay(Branch.first)
      let shown = await branch.display.next { $0.notice == .card(.notRegistered) }
      #expect(shown.words == "idle")
    }
  }

  @Test func aDisplayThatFailsCostsOneWarningAndNothingElse() async throws {
    let broken = PictureRecorder()
    broken.fail(with: .absent("no such display"))
    try await Branch.run(displays: [broken]) { branch in
      _ = branch.center.post("T-0010", for: Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      try await branch.lift(Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("code")
      let status = await branch.loop.status()
      #expect(status.displays.map(\.works) == [true, false])
      let troubles = status.troubles.filter { $0.text.contains("no such display") }
      #expect(troubles.count == 1)
    }
  }

  @Test func aPictureThatADisplayDidNotTakeIsShownAgainUntilItDoes() async throws {
    let flaky = PictureRecorder()
    try await Branch.run(displays: [flaky]) { branch in
      flaky.fail(with: .failed("no answer"))
      await branch.loop.restrict([
        Impediment(.platformTooOld, finding: "libnfc 1.7", fix: "apt upgrade")
      ])
      await flaky.until("restricted")
      let before = flaky.all.count
      // Nothing happens in the loop any more; the display gets the picture all the same.
      while flaky.all.count < before + 2 { await Task.yield() }
      flaky.fail(with: nil)
      let last = flaky.all.count
      while flaky.all.count == last { await Task.yield() }
      let works = await branch.loop.status().displays.map(\.works)
      #expect(flaky.all.last?.words == "restricted" && works.first == true)
    }
  }

  @Test func theDoctorHasTheReaderForItselfAndTheLoopGoesOnAfterwards() async throws {
    try await Branch.run { branch in
      let report = try await branch.loop.doctor()
      // The scene's doctor opens the reader itself.
      #expect(report == "PN532 1.6")
      await branch.display.until("idle")
      _ = branch.center.post("T-0014", for: Branch.first)
      await branch.display.until("tap")
    }
  }

  @Test func theDoctorWaitsForNoTransactionAtHand() async throws {
    try await Branch.run { branch in
      _ = branch.center.post("T-0015", for: Branch.first)
      await branch.display.until("tap")
      await #expect(throws: BranchRefusal.self) { _ = try await branch.loop.doctor() }
    }
  }

  @Test func stoppingWhileACodeIsShownWipesItAndBlanksTheDisplay() async throws {
    try await Branch.run { branch in
      _ = branch.center.post("T-0011", for: Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("transaction")
      try await branch.lift(Branch.first)
      try branch.lay(Branch.first)
      await branch.display.until("code")
      guard case .code(let code, _) = await branch.loop.picture().content else { return }
      await branch.loop.stop()
      #expect(branch.display.all.last?.words == "blank")
      #expect(code.withDigits { $0.isEmpty })
    }
  }

  @Test func twoCardsOnTheReaderAreSaidAndMakeNothing() async throws {
    try await Branch.run { branch in
      _ = branch.center.post("T-0012", for: Branch.first)
      await branch.display.until("tap")
      branch.hardware.insert(try #require(branch.cards[Branch.second]))
      try branch.lay(Branch.first)
      _ = await branch.display.next { $0.notice == .card(.several) || $0.words == "reading" }
      #expect(branch.center.claims <= 1)
    }
  }

  @Test func restrictedMakesNothingAndSaysWhy() async throws {
    try await Branch.run { branch in
      let why = Impediment(
        .installationAltered, finding: "/usr/sbin/smartotpd differs", fix: "apt reinstall")
      await branch.loop.restrict([why])
      await branch.display.until("restricted")
      _ = branch.center.post("T-0013", for: Branch.first)
      try branch.lay(Branch.first)
      let status = await branch.loop.status()
      #expect(status.phase == .restricted && status.impediments == [why])
      await branch.loop.restrict([])
      await branch.display.until("tap")
    }
  }
}
