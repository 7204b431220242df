import Cryptography
import Foundation
import SmartOTP
import Testing

@testable import DeviceIdentity

@Suite("A device's state")
struct DeviceStateTests {
  @Test("A registration is there after a restart, with its key, certificate and cards")
  func survivesRestart() throws {
    let machine = try TestMachine()
    let state = try machine.register()
    try state.save(.test("12345678"))

    let loaded = try DeviceState(loading: machine.directory, on: machine.hardware)
    #expect(loaded.record == state.record)
    #expect(loaded.key.publicKey == state.key.publicKey)
    #expect(loaded.certificates == state.certificates)
    #expect(loaded.authority == Array("authority".utf8))
    let card = try loaded.card(StoredCard.test("12345678").card)
    #expect(card.accessKey == SecretBytes(repeatElement(7, count: 16)))
    #expect(card.issuerName == "Hankang Bank")
    #expect(card.applicationID == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test("A card's language is kept, changed and taken away again")
  func language() throws {
    let machine = try TestMachine()
    let state = try machine.register()
    var card = StoredCard.test("12345678")
    card.language = .korean
    try state.save(card)
    #expect(try state.card(card.card).language == .korean)
    for language in [Language.hindi, nil] {
      try state.setLanguage(language, of: card.card)
      let read = try state.card(card.card)
      #expect(read.language == language)
      #expect(read.accessKey == card.accessKey && read.applicationID == card.applicationID)
    }
  }

  @Test("The language of a card that is gone brings it not back")
  func languageOfRemovedCard() throws {
    let machine = try TestMachine()
    let state = try machine.register()
    let card = StoredCard.test("12345678")
    try state.save(card)
    try state.remove(card.card)
    try state.setLanguage(.hindi, of: card.card)
    #expect(try state.cards().isEmpty)
  }

  @Test(
    "A card's file of before languages, or in one that nobody here speaks, opens without one",
    arguments: ["", "language tlh\n"])
  func fileOfBefore(line: String) throws {
    let machine = try TestMachine()
    let state = try machine.register()
    let record =
      "card K01:12345678\nissuer 004\nissuer-name Hankang Bank\n"
      + "application-id 0102030405060708\n\(line)end\n"
    let sealed = try state.seal.seal(
      SecretBytes([UInt8](repeating: 7, count: 16) + record.utf8), as: "card.K01.12345678")
    try machine.replace("card.K01.12345678", by: Data(sealed))
    let card = try state.card(StoredCard.test("12345678").card)
    #expect(card.language == nil)
    #expect(card.issuerName == "Hankang Bank" && card.applicationID == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test("Files are for their owner alone, and none of them holds a key in the clear")
  func filesArePrivate() throws {
    let machine = try TestMachine()
    let state = try machine.register()
    try state.save(.test("12345678", key: 0xA7))
    let scalar = try state.key.pkcs8().withUnsafeBytes { Data($0) }[36..<68]
    for name in try machine.files {
      let path = "\(machine.directory.path)/\(name)"
      let mode =
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(name)")
      let bytes = try machine.bytes(of: name)
      #expect(bytes.range(of: Data(repeating: 0xA7, count: 16)) == nil, "\(name)")
      #expect(bytes.range(of: scalar) == nil, "\(name)")
    }
  }

  @Test("A machine that was never registered says so, and so does one whose state was wiped")
  func unregistered() throws {
    let machine = try TestMachine()
    #expect(throws: DeviceIdentityError.notRegistered) {
      try DeviceState(loading: machine.directory, on: machine.hardware)
    }
    _ = try machine.register()
    try FileManager.default.removeItem(atPath: machine.directory.path)
    #expect(throws: DeviceIdentityError.notRegistered) {
      try DeviceState(loading: machine.directory, on: machine.hardware)
    }
  }

  @Test(
    "State copied to other hardware does not open",
    arguments: [
      (TestMachine.machineID, "10000000abcdef02" as String?),
      ("ffffffffffffffff0123456789abcdef", "10000000abcdef01"),
      (TestMachine.machineID, nil),
    ])
  func otherHardware(machineID: String, serial: String?) throws {
    let original = try TestMachine()
    try original.register().save(.test("12345678"))
    let other = try TestMachine(machineID: machineID, serial: serial)
    #expect(throws: DeviceIdentityError.otherHardware) {
      try DeviceState(loading: original.directory, on: other.hardware)
    }
    #expect(DeviceIdentityError.otherHardware.needsRegistration)
    #expect("\(DeviceIdentityError.otherHardware)".contains("register this device again"))
  }

  @Test("Another salt does not open it either: the fingerprint is not all the key is made of")
  func otherSalt() throws {
    let machine = try TestMachine()
    _ = try machine.register()
    try machine.replace("salt", by: Data(repeating: 1, count: 32))
    #expect(throws: DeviceIdentityError.self) {
      try DeviceState(loading: machine.directory, on: machine.hardware)
    }
  }

  @Test("A file cut or changed at any place is damaged and never something else")
  func damage() throws {
    let machine = try TestMachine()
    try machine.register().save(.test("12345678"))
    for name in ["device.key", "device.record", "card.K01.12345678"] {
      let whole = try machine.bytes(of: name)
      for count in stride(from: 0, to: whole.count, by: 5) {
        try machine.replace(name, by: whole.prefix(count))
        expectDamage(machine, "\(name) cut at \(count)")
        guard name != "device.record" else { continue }
        var changed = whole
        changed[count] ^= 0x20
        try machine.replace(name, by: changed)
        expectDamage(machine, "\(name) changed at \(count)")
      }
      try machine.replace(name, by: whole)
    }
    _ = try DeviceState(loading: machine.directory, on: machine.hardware).cards()
  }

  private func expectDamage(_ machine: TestMachine, _ what: String) {
    do {
      _ = try DeviceState(loading: machine.directory, on: machine.hardware).cards()
      Issue.record("\(what) was taken")
    } catch DeviceIdentityError.damaged {
    } catch {
      Issue.record("\(what): \(error)")
    }
  }

  @Test("One card's file does not pass for another's")
  func swappedCards() throws {
    let machine = try TestMachine()
    let state = try machine.register()
    try state.save(.test("12345678"))
    try state.save(.test("87654321"))
    try machine.replace(
      "card.K01.12345678", by: try machine.bytes(of: "card.K01.87654321"))
    #expect(throws: DeviceIdentityError.self) { try state.cards() }
  }

  @Test("A file or directory that others may use is refused, by name")
  func exposed() throws {
    let machine = try TestMachine()
    _ = try machine.register()
    for name in ["device.key", "salt", "device.record", ""] {
      let path = name.isEmpty ? machine.directory.path : "\(machine.directory.path)/\(name)"
      let closed = name.isEmpty ? 0o700 : 0o600
      let open = name.isEmpty ? 0o770 : 0o604
      try FileManager.default.setAttributes([.posixPermissions: open], ofItemAtPath: path)
      #expect(throws: DeviceIdentityError.exposed(path: path, mode: UInt32(open))) {
        try DeviceState(loading: machine.directory, on: machine.hardware)
      }
      try FileManager.default.setAttributes([.posixPermissions: closed], ofItemAtPath: path)
    }
    _ = try DeviceState(loading: machine.directory, on: machine.hardware)
  }

  @Test("A link in the place of a state file is not followed")
  func link() throws {
    let machine = try TestMachine()
    _ = try machine.register()
    let path = "\(machine.directory.path)/device.key"
    try FileManager.default.moveItem(atPath: path, toPath: "\(machine.root)/elsewhere")
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: "\(machine.root)/elsewhere")
    #expect(throws: DeviceIdentityError.damaged(path)) {
      try DeviceState(loading: machine.directory, on: machine.hardware)
    }
  }

  @Test("What a write that broke off left is no card, and the next write removes it")
  func brokenWrite() throws {
    let machine = try TestMachine()
    let state = try machine.register()
    try machine.replace("card.K01.12345678.new", by: Data([1, 2, 3]))
    #expect(try state.cards().isEmpty)
    try state.save(.test("12345678"))
    #expect(try state.cards().count == 1)
    #expect(try !machine.files.contains { $0.hasSuffix(".new") })
  }

  @Test("Registering again forgets the cards of the registration before")
  func registeringAgain() throws {
    let machine = try TestMachine()
    try machine.register().save(.test("12345678"))
    let again = try machine.register()
    #expect(try again.cards().isEmpty)
    #expect(
      try again.key.publicKey
        == DeviceState(
          loading: machine.directory, on: machine.hardware
        ).key.publicKey)
  }

  @Test("A removed card is gone; removing it again changes nothing")
  func removing() throws {
    let machine = try TestMachine()
    let state = try machine.register()
    let card = StoredCard.test("12345678")
    try state.save(card)
    try state.remove(card.card)
    try state.remove(card.card)
    #expect(throws: DeviceIdentityError.cardUnknown(card.card)) { try state.card(card.card) }
  }

  @Test("A renewed certificate replaces the old one and keeps key and cards")
  func renewal() throws {
    let machine = try TestMachine()
    var state = try machine.register()
    try state.save(.test("12345678"))
    let request = try CertificateRequest(
      pem: Array(try state.renewalRequest().certificateRequest.utf8))
    #expect(request.publicKey == state.key.publicKey)
    try state.renew(with: TestMachine.answer(expiresAt: 1_900_000_000))
    let loaded = try DeviceState(loading: machine.directory, on: machine.hardware)
    #expect(loaded.certificates == Array("certificate 1900000000".utf8))
    #expect(loaded.record.certificateExpiresAt == UnixTime(1_900_000_000))
    #expect(try loaded.cards().count == 1)
  }

  @Test("A certificate is renewed from thirty days before its end")
  func renewalTime() throws {
    let record = try TestMachine().register().record
    let end = record.certificateExpiresAt.seconds
    #expect(!record.needsRenewal(at: UnixTime(end - 30 * 86_400 - 1)))
    #expect(record.needsRenewal(at: UnixTime(end - 30 * 86_400)))
  }
}
