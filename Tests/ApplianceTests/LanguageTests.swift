import Appliance
import ApplianceScene
import SmartOTP
import Testing

/// Which language the displays speak while the loop works.
@Suite(.timeLimit(.minutes(1)))
struct LanguageTests {
  @Test func aCardsLanguageIsSpokenFromItsOfferToItsCodeAndTheAppliancesOwnAtRest() async throws {
    var times = SessionTimes()
    times.show = 1_200
    try await Branch.run(times: times, languages: [Branch.first: .korean]) { branch in
      #expect(branch.display.all.allSatisfy { $0.language == .english })
      _ = branch.center.post("T-0100", for: Branch.first)
      #expect(await branch.display.until("tap").language == .korean)
      try branch.lay(Branch.first)
      #expect(await branch.display.until("transaction").language == .korean)
      try await branch.lift(Branch.first)
      try branch.lay(Branch.first)
      #expect(await branch.display.until("code").language == .korean)
      #expect(await branch.display.until("idle").language == .english)
      let shown = branch.display.all
      let start = try #require(shown.firstIndex { $0.words == "tap" })
      let end = try #require(shown.lastIndex { $0.words == "code" })
      #expect(shown[start...end].allSatisfy { $0.language == .korean })
    }
  }

  @Test func withoutAnOfferTheLanguageIsTheCardsOnceItIsKnown() async throws {
    try await Branch.run(languages: [Branch.second: .hindi]) { branch in
      _ = branch.center.post("T-0101", for: Branch.second, isPushed: false)
      try branch.lay(Branch.second)
      #expect(await branch.display.until("reading").language == .english)
      #expect(await branch.display.until("transaction").language == .hindi)
    }
  }

  @Test func aNoticeAboutACardIsInItsLanguageWhereverItStands() async throws {
    try await Branch.run(languages: [Branch.first: .korean, Branch.second: .hindi]) { branch in
      try branch.lay(Branch.first)
      let nothing = await branch.display.next { $0.notice == .nothingPending }
      #expect(nothing.words == "idle" && nothing.language == .korean)
      try await branch.lift(Branch.first)
      _ = branch.center.post("T-0102", for: Branch.second)
      #expect(await branch.display.until("tap").language == .hindi)
      await branch.loop.cancel()
      #expect(await branch.display.next { $0.notice == .cancelled }.language == .hindi)
    }
  }

  @Test func theNoticesEndBringsTheAppliancesOwnLanguageBack() async throws {
    try await Branch.run(languages: [Branch.first: .korean]) { branch in
      try branch.lay(Branch.first)
      _ = await branch.display.next { $0.notice == .nothingPending }
      let after = await branch.display.next { $0.words == "idle" && $0.notice == nil }
      #expect(after.language == .english)
    }
  }

  @Test func aWithdrawnCardsNoticeIsStillInItsLanguage() async throws {
    try await Branch.run(languages: [Branch.first: .korean]) { branch in
      let transaction = branch.center.post("T-0103", for: Branch.first)
      await branch.display.until("tap")
      branch.center.push(.cardWithdrawn, transaction)
      let said = await branch.display.next { $0.notice == .center(.cardLost) }
      #expect(said.words == "idle" && said.language == .korean)
    }
  }

  @Test func aCardWhoseRecordSaysNoLanguageIsSpokenToInTheAppliancesOwn() async throws {
    try await Branch.run(languages: [Branch.first: .korean]) { branch in
      _ = branch.center.post("T-0104", for: Branch.second)
      #expect(await branch.display.until("tap").language == .english)
    }
  }

  @Test func whatTheCentreHasOnRecordIsLearntWhenItIsThereAgain() async throws {
    try await Branch.run(languages: [Branch.first: .korean]) { branch in
      branch.center.record([
        DeviceCard(
          card: Branch.first, issuer: InstitutionCode(accepted: "004"),
          issuerName: "Hankang Bank", language: .hindi)
      ])
      _ = branch.center.post("T-0105", for: Branch.first)
      await branch.display.until("tap")
      branch.center.update(.connected)
      // Shown with the countdown's next second.
      _ = await branch.display.next { $0.words == "tap" && $0.language == .hindi }
    }
  }
}
