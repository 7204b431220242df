import Simulation
import Testing

extension SmartOTPTests {
  @Suite("smartotp poll")
  struct PollTests {
    private static let typeB = Cards.card(activation: .typeB(TypeBActivation()))

    @Test("A card that lies there is reported once; the time is kept")
    func typeA() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run("poll", "--for", "1"),
        output: "card-entered  type A  uid 04A23B1C5D6E80  atqa 0044  sak 20  ats 0578808100"
          + "  fwt 77.329 ms  max frame 256\n")
    }

    @Test("A card of Type B has its ATQB")
    func typeB() async throws {
      let field = try Field(Self.typeB)
      expect(
        try await field.run("poll", "--for", "1"),
        output: "card-entered  type B  uid 1B3C5D7E  atqb 501B3C5D7E00000000008181"
          + "  fwt 77.329 ms  max frame 256\n")
    }

    @Test("JSON has the keys of the protocol document")
    func json() async throws {
      expect(
        try await Field(Cards.card()).run("poll", "--for", "1", "--json"),
        output: #"{"atqa":"0044","ats":"0578808100","event":"card-entered","#
          + #""frameWaitingTimeMs":77.329,"maxFrame":256,"sak":"20","type":"A","#
          + #""uid":"04A23B1C5D6E80"}"# + "\n")
      expect(
        try await Field(Self.typeB).run("poll", "--for", "1", "--json"),
        output: #"{"atqb":"501B3C5D7E00000000008181","event":"card-entered","#
          + #""frameWaitingTimeMs":77.329,"maxFrame":256,"type":"B","uid":"1B3C5D7E"}"# + "\n")
    }

    @Test("A card without ISO-DEP has neither ATS nor its consequences")
    func classic() async throws {
      expect(
        try await Field(MIFAREClassicCard()).run("poll", "--for", "1", "--json"),
        output: #"{"atqa":"0004","event":"card-entered","frameWaitingTimeMs":4.834,"#
          + #""maxFrame":32,"sak":"08","type":"A","uid":"2C8E419B"}"# + "\n")
    }

    @Test("Two cards at once are two lines that say so")
    func two() async throws {
      let other = Cards.card(activation: .typeA(.isoDEP(uid: [0x04, 1, 2, 3, 4, 5, 6])))
      let outcome = try await Field(Cards.card(), other).run("poll", "--for", "1")
      let rest =
        "atqa 0044  sak 20  ats 0578808100  fwt 77.329 ms  max frame 256"
        + "  (one of 2 cards in the field)\n"
      #expect(
        Set(
          outcome.output.split(separator: "\n", omittingEmptySubsequences: true).map { "\($0)\n" })
          == ["04A23B1C5D6E80", "04010203040506"].reduce(into: []) {
            $0.insert("card-entered  type A  uid \($1)  \(rest)")
          })
      expect(outcome, output: outcome.output)
    }

    @Test("Cards that come and go are lines as they do")
    func comingAndGoing() async throws {
      let card = Cards.card()
      let field = try Field(card)
      let poll = try field.start(["poll", "--json"])
      await poll.lines(1)
      field.hardware.remove(card)
      await poll.lines(2)
      field.hardware.insert(Self.typeB)
      await poll.lines(3)
      poll.interrupt()
      let a =
        #""atqa":"0044","ats":"0578808100","event":"EVENT","frameWaitingTimeMs":77.329,"#
        + #""maxFrame":256,"sak":"20","type":"A","uid":"04A23B1C5D6E80""#
      let b =
        #""atqb":"501B3C5D7E00000000008181","event":"card-entered","frameWaitingTimeMs":77.329,"#
        + #""maxFrame":256,"type":"B","uid":"1B3C5D7E""#
      expect(
        await poll.end(),
        output: """
          {\(a.replacing("EVENT", with: "card-entered"))}
          {\(a.replacing("EVENT", with: "card-left"))}
          {\(b)}

          """, errors: "smartotp: interrupted\n", status: 130)
    }

    @Test("A card that lies about itself is said so, and the next one is seen")
    func malformed() async throws {
      let hostile = try #require(HostileActivation.all.first { $0.name == "ats-length-255" })
      let card = ScriptedCard(activation: hostile.activation)
      let field = try Field(card)
      let poll = try field.start(["poll"])
      await poll.lines(1)
      field.hardware.remove(card)
      await poll.lines(2)
      field.hardware.insert(Cards.card())
      await poll.lines(3)
      poll.interrupt()
      expect(
        await poll.end(),
        output: """
          card-entered  the card's ATS states another length than it has
          card-left
          card-entered  type A  uid 04A23B1C5D6E80  atqa 0044  sak 20  ats 0578808100\
            fwt 77.329 ms  max frame 256

          """, errors: "smartotp: interrupted\n", status: 130)
    }

    @Test("No card in the time given is status 75")
    func none() async throws {
      expect(
        try await Field().run("poll", "--for", "0.3"),
        failure: "no card came in time; lay it on the reader and try again", status: 75)
    }
  }
}
