import Cryptography
import SmartOTP
import Testing

@testable import DeviceIdentity

@Suite("The hardware's fingerprint")
struct HardwareTests {
  @Test("It is SHA-256 over salt, machine id and serial number, without blanks and NULs")
  func definition() throws {
    let machine = try TestMachine()
    let salt = [UInt8](repeating: 9, count: 32)
    let expected = try sha256(
      salt + Array(TestMachine.machineID.utf8) + Array("10000000abcdef01".utf8))
    let fingerprint = try machine.hardware.fingerprint(salt: salt, board: .deviceTree)
    #expect(fingerprint == SecretBytes(expected))
  }

  @Test("Each registration draws its own salt, so that centres cannot compare devices")
  func saltIsDrawn() throws {
    let machine = try TestMachine()
    let code = try RegistrationCode(typed: "7ZK3Q-J0V5N")
    let first = try DeviceEnrollment(on: machine.hardware).request(code: code, name: "a")
    let second = try DeviceEnrollment(on: machine.hardware).request(code: code, name: "a")
    #expect(first.fingerprint != second.fingerprint)
    #expect(first.fingerprint.utf8.count == 64)
  }

  @Test("A serial number that the maker did not set is passed over")
  func placeholders() throws {
    let machine = try TestMachine(serial: nil)
    try machine.write("To Be Filled By O.E.M.\n", to: "sys/class/dmi/id/board_serial")
    #expect(machine.hardware.board() == .none)
    try machine.write(
      "4c4c4544-0042-3510-8052-b4c04f4a3732\n", to: "sys/class/dmi/id/product_uuid")
    #expect(machine.hardware.board() == .productUUID)
  }

  @Test("Without a board's number the machine id alone does; without that, nothing does")
  func machineID() throws {
    let machine = try TestMachine(serial: nil)
    #expect(try !DeviceEnrollment(on: machine.hardware).knowsBoard)
    for text in [nil, "", "uninitialized", "0123456789abcdef0123456789abcdeg"] {
      let machine = try TestMachine(machineID: text)
      #expect(throws: DeviceIdentityError.noMachineID("/etc/machine-id")) {
        try DeviceEnrollment(on: machine.hardware)
      }
    }
  }
}
