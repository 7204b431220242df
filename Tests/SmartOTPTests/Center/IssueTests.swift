import Glibc
import Simulation
import Testing

extension SmartOTPTests {
  @Suite("Issuing cards")
  struct IssueTests {
    private static let apdusInTheLongest = 24

    @Test(
      "A blank card of every kind becomes an active, locked Smart OTP", arguments: OATHProfile.all)
    func profiles(profile: OATHProfile) async throws {
      try await TestCentre.run { centre in
        let card = OATHCard.blank(profile)
        let field = try Field(card)
        let outcome = try await centre.issue("12345678", on: field)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output == "K01:12345678  active\n")
        #expect(card.isLocked)
        #expect(card.credentials.count == 1)
        #expect(try await centre.card("K01:12345678").state == .active)
        // The card itself: nobody without the access key gets anything of it.
        let refused = try await field.run(
          "apdu", "00A4040007A0000005272101", "00A10000",
          "00A20001217115736D6172746F74703A4B30313A31323334353637387408FFFFFFFFFFFFFFFF")
        #expect(refused.output.hasSuffix("\n6982\n6982\n"), "\(refused)")
      }
    }

    @Test("A card pulled at any APDU goes on when it is laid on again", arguments: OATHProfile.all)
    func pulled(profile: OATHProfile) async throws {
      try await TestCentre.run { centre in
        var number = 0
        while number < Self.apdusInTheLongest {
          let card = OATHCard.blank(profile)
          let field = try Field(card)
          let back = Duration.milliseconds(150)
          field.hardware.arm(
            .card(
              apdu: number,
              number.isMultiple(of: 2)
                ? .pullBefore(returnsAfter: back) : .pullDuring(returnsAfter: back)))
          let serial = "\(1000 + number)"
          let outcome = try await centre.issue(serial, on: field)
          #expect(outcome.status == 0, "APDU \(number): \(outcome)")
          #expect(try await centre.card("K01:\(serial)").state == .active)
          #expect(card.isLocked && card.credentials.count == 1)
          guard field.hardware.faultsFired > 0 else { break }
          number += 1
        }
        #expect(number > 8)
      }
    }

    @Test("Killed at any APDU, it is resumed to an active card or given up to a blank one")
    func killed() async throws {
      try await TestCentre.run { centre in
        var number = 0
        while number < Self.apdusInTheLongest {
          let card = OATHCard.blank(OATHProfile.all[number % OATHProfile.all.count])
          let field = try Field(card)
          field.hardware.arm(.card(apdu: number, .late(.seconds(20))))
          let serial = "\(2000 + number)"
          let running = try field.start(
            ["issue", "--serial", serial] + TestCentre.form, environment: centre.bank())
          guard try await field.reaches(apdu: number, before: running) else { break }
          running.signal(SIGKILL)
          _ = await running.end()
          field.hardware.disarm()
          #expect(try await centre.card("K01:\(serial)").state != .active)
          let application = try #require(try await centre.application(of: serial))
          if number.isMultiple(of: 3) {
            let outcome = try await field.start(
              ["issue", "--abandon", application], environment: centre.bank()
            ).end()
            #expect(outcome.status == 0, "APDU \(number): \(outcome)")
            #expect(!card.isLocked && card.credentials.isEmpty)
            #expect(try await centre.card("K01:\(serial)").state == .retired)
          } else {
            let outcome = try await field.start(
              ["issue", "--resume", application], environment: centre.bank()
            ).end()
            #expect(outcome.status == 0, "APDU \(number): \(outcome)")
            #expect(try await centre.card("K01:\(serial)").state == .active)
          }
          number += 1
        }
        #expect(number > 8)
      }
    }

    @Test("Keys that were begun on one blank card go on no other", arguments: OATHProfile.all)
    func otherBlank(profile: OATHProfile) async throws {
      try await TestCentre.run { centre in
        let (begun, other) = (OATHCard.blank(profile), OATHCard.blank(profile, seed: 2))
        let field = try Field(begun)
        // Killed before the first key is on the card.
        let writes = try await Self.apdusBeforeTheKeys(profile, at: centre)
        field.hardware.arm(.card(apdu: writes, .late(.seconds(20))))
        let running = try field.start(
          ["issue", "--serial", "1001"] + TestCentre.form, environment: centre.bank())
        #expect(try await field.reaches(apdu: writes, before: running))
        running.signal(SIGKILL)
        _ = await running.end()
        let application = try #require(try await centre.application(of: "1001"))
        #expect(try await centre.card("K01:1001").state == .reserved)
        let second = try Field(other)
        let refused = try await second.start(
          ["issue", "--resume", application], environment: centre.bank()
        ).end()
        #expect(refused.status == 65)
        #expect(
          refused.lastError
            == "smartotp: the centre refused: the keys of K01:1001 were begun on another card: lay that one on, or give K01:1001 up and begin anew"
        )
        #expect(refused.errors.contains("smartotp issue --abandon \(application)"))
        #expect(other.credentials.isEmpty && !other.isLocked)
        // The card that was begun goes on, or the reservation is given up and another begun.
        if profile.hasReset {
          field.hardware.disarm()
          let resumed = try await field.start(
            ["issue", "--resume", application], environment: centre.bank()
          ).end()
          #expect(resumed.output == "K01:1001  active\n", "\(resumed)")
        } else {
          let abandoned = try await centre.run(
            "issue", "--abandon", application, "--without-card", as: centre.bank())
          #expect(abandoned.status == 0, "\(abandoned)")
          let anew = try await second.start(
            ["issue", "--resume", application], environment: centre.bank()
          ).end()
          #expect(anew.output.hasSuffix("  active\n"), "\(anew)")
        }
      }
    }

    /// How many APDUs a blank card gets before the first that writes.
    private static func apdusBeforeTheKeys(
      _ profile: OATHProfile, at centre: TestCentre
    ) async throws -> Int {
      let field = try Field(OATHCard.blank(profile))
      #expect(try await centre.issue("1000", on: field).status == 0)
      let apdus = field.commands.filter { $0.first == 0x40 }.map { Array($0.dropFirst(2)) }
      return try #require(apdus.firstIndex { $0.starts(with: [0x00, 0x01]) })
    }

    @Test("A card in use is not written over; one that is not blank only when told so")
    func notBlank() async throws {
      try await TestCentre.run { centre in
        let foreign = try Field(Cards.card(Cards.smartOTP))
        let used = try await centre.issue("1001", on: foreign)
        #expect(used.status == 65)
        #expect(used.errors.contains("is the Smart OTP K01:12345678 already; take a blank one"))
        let locked = try Field(Cards.card(Cards.smartOTP, locked: true))
        #expect(try await centre.issue("1002", on: locked).status == 77)
        let own = Cards.card(OATHCredential(name: "GitHub:alice", key: Cards.key))
        let field = try Field(own)
        #expect(try await centre.issue("1003", on: field).status == 65)
        #expect(!own.isLocked)
        #expect(try await centre.issue("1004", on: field, "--keep-others").status == 0)
        #expect(own.credentials.count == 2)
      }
    }

    @Test("Who may not have a Smart OTP is told why, and no card is touched")
    func ineligible() async throws {
      try await TestCentre.run { centre in
        let field = try Field(OATHCard.blank())
        let corporate = try await field.start(
          ["issue"] + TestCentre.form + ["--customer-kind", "corporate"],
          environment: centre.bank()
        ).end()
        #expect(corporate.status == 65)
        #expect(corporate.lastError.contains("not for corporations"))
        let elsewhere = try await field.start(
          ["issue"] + TestCentre.form, environment: centre.bank(TestCentre.other)
        ).end()
        #expect(elsewhere.lastError.contains("does not issue Smart OTP"))
        #expect(field.commands.isEmpty)
      }
    }

    @Test("Without a terminal, what is missing is named by its option")
    func missing() async throws {
      try await TestCentre.run { centre in
        let outcome = try await centre.run("issue", as: centre.bank())
        expect(
          outcome, failure: "--customer-name is missing, and there is no terminal to ask at",
          status: 64)
      }
    }

    @Test("An application may come as JSON; a mistake in it is named by its key")
    func json() async throws {
      try await TestCentre.run { centre in
        try centre.write(
          """
          {"customerName":"홍길동","customerKind":"sole-proprietor","contact":"a@example",
           "identityDocument":{"kind":"resident-card","number":"800101-1234567"},
           "hasNFCDevice":true}
          """, to: "form.json")
        let field = try Field(OATHCard.blank())
        let outcome = try await field.start(
          ["issue", "--json", "--application", centre.path("form.json")],
          environment: centre.bank()
        ).end()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(TestCentre.value("state", in: outcome.output) == "active")
        try centre.write(#"{"customerName":"n","customerKind":"x"}"#, to: "form.json")
        let refused = try await centre.run(
          "issue", "--application", centre.path("form.json"), as: centre.bank())
        #expect(refused.status == 65)
        #expect(refused.lastError.hasSuffix("form.json is no application: look at customerKind"))
      }
    }

    @Test("Ctrl-C ends it, and the reader is free afterwards")
    func interrupted() async throws {
      try await TestCentre.run { centre in
        let field = try Field()
        let running = try field.start(
          ["issue"] + TestCentre.form, environment: centre.bank())
        await field.looked.wait()
        running.interrupt()
        let outcome = await running.end()
        #expect(outcome.status == 130)
        #expect(outcome.lastError == "smartotp: interrupted")
        #expect(try await Processes.areGone(from: field.hardware.path))
      }
    }
  }
}
