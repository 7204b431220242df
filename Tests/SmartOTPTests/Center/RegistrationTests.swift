import CenterServer
import Cryptography
import Foundation
import Simulation
import SmartOTP
import Testing

extension SmartOTPTests {
  @Suite("Registering a card with another institution")
  struct RegistrationTests {
    private static let card = "K01:12345678"

    private func issued(
      accredited: AccreditedAuthorities? = nil,
      _ body: @Sendable @escaping (TestCentre, Field) async throws -> Void
    ) async throws {
      try await TestCentre.run(accredited: accredited) { centre in
        let field = try Field(OATHCard.blank())
        #expect(try await centre.issue("12345678", on: field).status == 0)
        try await body(centre, field)
      }
    }

    @Test("In person: the document is the cardholder's and the card proves its key")
    func inPerson() async throws {
      try await issued { centre, field in
        let bank = centre.bank(TestCentre.other)
        let refused = try await field.start(
          [
            "register-institution", "--in-person", Self.card, "--document-kind", "passport",
            "--document-number", "M00000000",
          ], environment: bank
        ).end()
        #expect(refused.status == 77)
        let outcome = try await field.start(
          [
            "register-institution", "--in-person", Self.card, "--document-kind", "passport",
            "--document-number", "M12345678", "--json",
          ], environment: bank
        ).end()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(TestCentre.value("state", in: outcome.output) == "registered")
        let id = try #require(TestCentre.value("registration", in: outcome.output))
        let all = try await centre.run("registrations", Self.card, as: centre.bank())
        #expect(all.output.split(separator: "\n").count == 2)
        let own = try await centre.run("registrations", Self.card, as: bank)
        #expect(own.output == "\(id)  K01:12345678  institution 088  in-person  registered\n")
        let ended = try await centre.run("registrations", "--withdraw", id, as: bank)
        #expect(ended.output == "\(id)  K01:12345678  institution 088  in-person  withdrawn\n")
      }
    }

    @Test("In person with another card on the reader: not registered")
    func otherCard() async throws {
      try await issued { centre, _ in
        let field = try Field(Cards.card(Cards.smartOTP, locked: true))
        let outcome = try await field.start(
          [
            "register-institution", "--in-person", Self.card, "--document-kind", "passport",
            "--document-number", "M12345678",
          ], environment: centre.bank(TestCentre.other)
        ).end()
        #expect(outcome.status == 77)
        #expect(outcome.lastError.contains("does not accept the access key"))
      }
    }

    @Test("Online: signed with the cardholder's accredited certificate, by PEM and by PKCS#12")
    func online() async throws {
      let accreditation = try Accreditation()
      try await issued(accredited: try accreditation.authorities()) { centre, _ in
        try centre.write(
          try accreditation.customer(name: "Hong Gildong", document: "PASKR-M12345678"),
          to: "customer.pem")
        try centre.write(
          try accreditation.customer(name: "Kim Cheolsu", document: "PASKR-M87654321"),
          to: "stranger.pem")
        let command = ["register-institution", "--online", Self.card, "--certificate"]
        let bank = centre.bank(TestCentre.other)
        let stranger = try await SmartOTP.start(
          command + [centre.path("stranger.pem")], environment: bank
        ).end()
        #expect(stranger.status == 65)
        #expect(stranger.errors.contains("cardholder"))
        try centre.write("open sesame\n", to: "passphrase")
        try accreditation.makePKCS12(
          of: centre.path("customer.pem"), at: centre.path("customer.p12"),
          passphraseFile: centre.path("passphrase"))
        let outcome = try await SmartOTP.start(
          command + [
            centre.path("customer.p12"), "--passphrase-file", centre.path("passphrase"), "--json",
          ], environment: bank
        ).end()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(TestCentre.value("channel", in: outcome.output) == "online")
        let again = try await SmartOTP.start(
          command + [centre.path("customer.pem")], environment: bank
        ).end()
        #expect(again.errors.contains("registered there already"))
      }
    }
  }
}
