import Glibc
import Simulation
import SmartOTP
import Testing

extension SmartOTPTests {
  /// Forms that a person fills in, at a terminal of their own.
  @Suite("At a terminal")
  struct TerminalTests {
    @Test("The application form asks for what is missing, and a mistake is answered and corrected")
    func issue() async throws {
      try await TestCentre.run { centre in
        let field = try Field(OATHCard.blank())
        let program = try SmartOTP.atTerminal(
          ["issue", "--serial", "12345678", "--reader", field.reader], centre.bank())
        await program.answers("Customer's name", "")
        await program.answers("Customer's name", "Hong Gildong")
        await program.answers("Customer (personal, sole-proprietor, corporate) [personal]", "x")
        await program.answers("Customer (personal, sole-proprietor, corporate) [personal]", "sole")
        let document =
          "Identity document (resident-card, passport, driver-licence, alien-registration) [resident-card]"
        await program.answers(document, "pass")
        await program.answers("Its number", "12")
        await program.answers("Its number", "M12345678")
        await program.answers("Telephone or e-mail", "010-0000-0000")
        await program.answers("A device that reads the card is there [Y/n]", "maybe")
        await program.answers("A device that reads the card is there [Y/n]", "")
        await program.answers("Language of the displays (en, ko, hi) [none]", "fr")
        await program.answers("Language of the displays (en, ko, hi) [none]", "KO")
        let outcome = await program.end()
        #expect(outcome.status == 0)
        let application = try #require(try await centre.application(of: "12345678"))
        #expect(
          outcome.screen == """
            Customer's name: 
              something is needed
            Customer's name: Hong Gildong
            Customer (personal, sole-proprietor, corporate) [personal]: x
              one of personal, sole-proprietor, corporate
            Customer (personal, sole-proprietor, corporate) [personal]: sole
            \(document): pass
            Its number: 12
              an identity document's number has 4 to 32 letters and digits
            Its number: M12345678
            Telephone or e-mail: 010-0000-0000
            A device that reads the card is there [Y/n]: maybe
              y or n
            A device that reads the card is there [Y/n]: 
            Language of the displays (en, ko, hi) [none]: fr
              one of en, ko, hi
            Language of the displays (en, ko, hi) [none]: KO
            smartotp: application \(application) taken
            smartotp: card K01:12345678 reserved; lay the blank card on the reader
            smartotp: writing the keys; leave the card where it is
            smartotp: the card has proved its key
            K01:12345678  active

            """)
      }
    }

    @Test("Ctrl-C in the middle of the form leaves nothing half done", arguments: [0, 1, 3])
    func interrupted(answered: Int) async throws {
      try await TestCentre.run { centre in
        let field = try Field(OATHCard.blank())
        let program = try SmartOTP.atTerminal(
          ["issue", "--reader", field.reader], centre.bank())
        for answer in ["Hong", "", "", ""].prefix(answered) {
          await program.answers("", answer)
        }
        await program.asks("")
        program.press(control: "c")
        let outcome = await program.end()
        #expect(outcome.status == 130)
        #expect(outcome.screen.hasSuffix("^C\nsmartotp: interrupted\n"), "\(outcome)")
        #expect(program.isSane)
        let applications = try await centre.store.applications(
          at: TestCentre.issuer, PageRequest(limit: 10))
        #expect(applications.items.isEmpty)
        #expect(field.commands.isEmpty)
      }
    }

    @Test("Ctrl-D, and five answers that are none, end the form")
    func noAnswer() async throws {
      try await TestCentre.run { centre in
        let ended = try SmartOTP.atTerminal(["issue"], centre.bank())
        await ended.asks("Customer's name")
        ended.press(control: "d")
        #expect(await ended.end().screen.hasSuffix("smartotp: the answer did not come\n"))
        let stubborn = try SmartOTP.atTerminal(["issue"], centre.bank())
        for _ in 0..<5 { await stubborn.answers("Customer's name", "") }
        let outcome = await stubborn.end()
        #expect(outcome.status == 64)
        #expect(
          outcome.screen.hasSuffix(
            "smartotp: five answers in a row were none to: Customer's name\n"))
      }
    }

    @Test("A device asks for its registration code; given up, it leaves nothing on the disk")
    func device() async throws {
      try await TestCentre.run { centre in
        let command = ["device", "register", "--name", "branch 7"]
        let question = "Registration code for this device"
        let given = try SmartOTP.atTerminal(command, centre.device())
        await given.answers(question, "12")
        await given.asks(question)
        given.press(control: "c")
        #expect(await given.end().status == 130)
        #expect(given.isSane)
        #expect(access(centre.path("device"), F_OK) != 0)
        let program = try SmartOTP.atTerminal(command, centre.device())
        await program.answers(question, "12")
        await program.answers(question, try await centre.code(.device).lowercased())
        let outcome = await program.end()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(
          outcome.screen.contains(
            "a registration code is ten letters and digits, such as 7ZK3Q-J0V5N\n"))
        #expect(outcome.screen.contains("\nregistered as dev-"))
      }
    }

    @Test("A passphrase is not shown, and a terminal that was given up half-way shows again")
    func passphrase() async throws {
      let accreditation = try Accreditation()
      try await TestCentre.run(accredited: try accreditation.authorities()) { centre in
        let field = try Field(OATHCard.blank())
        #expect(try await centre.issue("12345678", on: field).status == 0)
        let file = try centre.customersFile(accreditation)
        let question = "Passphrase of \(file)"
        let command = ["register-institution", "--online", "--certificate", file]
        let bank = centre.bank(TestCentre.other)
        for presses in 1...2 {
          let given = try SmartOTP.atTerminal(command + [TestCentre.ownCard], bank)
          await given.asks(question)
          #expect(given.terminalSettings.c_lflag & tcflag_t(ECHO) == 0)
          for _ in 0..<presses { given.press(control: "c") }
          #expect(await given.end().status == 130)
          #expect(given.isSane)
        }
        let wrong = try SmartOTP.atTerminal(command + [TestCentre.ownCard], bank)
        await wrong.answers(question, "open barley")
        let refused = await wrong.end()
        #expect(refused.status == 77 && refused.screen.hasSuffix("does not open \(file)\n"))
        #expect(try await centre.registrations(of: TestCentre.ownCard) == 1)

        let program = try SmartOTP.atTerminal(command, bank)
        let card = "Card, vendor code and serial number (K01:12345678)"
        await program.answers(card, "K01")
        await program.answers(card, "k01:12345678")
        await program.answers(question, "open sesame")
        let outcome = await program.end()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(!outcome.screen.contains("sesame") && !refused.screen.contains("barley"))
        #expect(outcome.screen.contains("\(question): \n"))
        #expect(outcome.screen.hasSuffix("  institution 088  online  registered\n"))
        #expect(program.isSane)
        #expect(try await centre.registrations(of: TestCentre.ownCard) == 2)
      }
    }
  }
}

extension SmartOTP {
  fileprivate static func atTerminal(
    _ arguments: [String], _ environment: [String]
  ) throws -> RunningProgram {
    try RunningProgram(
      atTerminal: [path] + arguments, environment: Self.environment + environment)
  }
}

extension RunningProgram {
  /// Waits for a question at the end of the screen, which no other has answered.
  fileprivate func asks(_ question: String) async {
    let screen = await output { $0.hasSuffix("\(question): ") }
    #expect(screen.hasSuffix("\(question): "), "\(screen)")
  }

  /// Waits for a question and types the answer, which the terminal shows or not.
  fileprivate func answers(_ question: String, _ answer: String) async {
    await asks(question)
    type("\(answer)\n")
    _ = await output { !$0.hasSuffix("\(question): ") || $0.hasSuffix("\n") }
  }

  /// Whether the terminal echoes and gathers lines.
  fileprivate var isSane: Bool {
    let wanted = tcflag_t(ECHO | ICANON | ISIG)
    return terminalSettings.c_lflag & wanted == wanted
  }
}

extension Outcome {
  /// What stood on the terminal.
  fileprivate var screen: String { output.replacing("\r\n", with: "\n") }
}

extension TestCentre {
  /// The customer's certificate as a browser exports it; its path.
  fileprivate func customersFile(_ accreditation: Accreditation) throws -> String {
    try write(
      accreditation.customer(name: "Hong Gildong", document: "PASKR-M12345678"),
      to: "customer.pem")
    try write("open sesame\n", to: "passphrase")
    try accreditation.makePKCS12(
      of: path("customer.pem"), at: path("customer.p12"), passphraseFile: path("passphrase"))
    return path("customer.p12")
  }

  fileprivate func registrations(of card: String) async throws -> Int {
    try await store.registrations(of: CardIdentity(card), PageRequest()).items.count
  }
}
