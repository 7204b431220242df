import Simulation
import Testing
import USBBench

/// Unmodified programs on simulated readers. One after the other: a testbed leaves its mark in the
/// process's environment.
@Suite("Programs on the bench", .serialized)
struct ProgramTests {
  private func card() throws -> SimulatedCard {
    try .with("test=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
  }

  @Test("lsusb lists what is plugged in, by number")
  func lsusb() async throws {
    let bench = try USBBench()
    let acr122u = try bench.attach(.acr122u)
    try bench.attach(.pn533, port: "1-2")
    func identifiers() async throws -> Set<Substring> {
      let result = try await ProgramUnderTest.run("lsusb", on: bench)
      #expect(result.status == 0)
      return Set(result.output.split(separator: "\n").map { $0.prefix(32) })
    }
    #expect(
      try await identifiers() == [
        "Bus 001 Device 003: ID 04e6:5591", "Bus 001 Device 002: ID 072f:2200",
        "Bus 001 Device 001: ID 1d6b:0002",
      ])
    acr122u.unplug()
    #expect(try await identifiers().count == 2)
    try acr122u.plugIn()
    #expect(try await identifiers().contains("Bus 001 Device 004: ID 072f:2200"))
  }

  @Test("lsusb -v reads descriptors and strings, and clears its throat at nothing")
  func lsusbInDetail() async throws {
    let bench = try USBBench()
    try bench.attach(.acr122u, serialNumber: "A7")
    let result = try await ProgramUnderTest.run("lsusb", ["-v", "-d", "072f:2200"], on: bench)
    #expect(result.status == 0)
    #expect(result.errors == "")
    for line in [
      "iProduct                2 ACR122U PICC Interface", "iSerial                 3 A7",
      "dwMaxCCIDMsgLen       271", "bEndpointAddress     0x82  EP 2 IN",
      "MaxPower              200mA", "Device Status:     0x0000",
    ] {
      #expect(result.output.contains(line), "\(line)")
    }
  }

  @Test("nfc-list opens the reader and sees the card", arguments: ReaderModel.allCases)
  func nfcList(_ model: ReaderModel) async throws {
    let bench = try USBBench()
    let reader = try bench.attach(model, cards: [try card()])
    let result = try await ProgramUnderTest.run("nfc-list", on: bench)
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.contains("UID (NFCID1): 04  a2  3b  1c  5d  6e  80"))
    #expect(reader.counts.discarded == 0)
  }

  @Test(
    "smartotp names, polls, reads and uses the card, and the code is right",
    arguments: ReaderModel.allCases)
  func smartotp(_ model: ReaderModel) async throws {
    let bench = try USBBench()
    let reader = try bench.attach(model, cards: [try card()])
    func run(_ arguments: String...) async throws -> String {
      let result = try await ProgramUnderTest.run("smartotp", arguments, on: bench)
      #expect(result.status == 0 && result.errors.isEmpty, "\(arguments): \(result)")
      return result.output
    }
    let line = try await run("readers")
    #expect(line.hasPrefix("\(model.driver):001:002  ready  usb:1-1, "))
    #expect(
      try await run("poll", "--for", "1") == """
        card-entered  type A  uid 04A23B1C5D6E80  atqa 0044  sak 20  ats 0578808100  \
        fwt 77.329 ms  max frame 256

        """)
    #expect(
      try await run("card").split(separator: "\n").suffix(3) == [
        "not locked", "credentials: 1", "  test  TOTP, SHA1, 30 s",
      ])
    // RFC 6238, appendix B, the last six digits.
    #expect(try await run("code", "--at", "59") == "287082\n")
    #expect(try await run("code", "-r", "usb:1-1", "--at", "1111111109", "test") == "081804\n")
    #expect(try await run("code", "-r", model.driver, "--at", "59") == "287082\n")
    #expect(reader.counts.discarded == 0)
  }

  @Test(
    "A kernel driver on the reader is named by smartotp, and libnfc is refused as in the field",
    arguments: [
      (ReaderModel.acr122u, "Unable to claim USB interface (Device or resource busy)"),
      (ReaderModel.pn533, "Unable to set USB configuration (Device or resource busy)"),
    ])
  func kernelDriver(_ model: ReaderModel, _ complaint: String) async throws {
    let bench = try USBBench()
    let reader = try bench.attach(model, kernelDriver: "pn533_usb", cards: [try card()])
    let libnfc = try await ProgramUnderTest.run("nfc-list", on: bench)
    #expect(libnfc.errors.contains(complaint))
    let refused = try await ProgramUnderTest.run("smartotp", ["code", "--at", "59"], on: bench)
    #expect(refused.status == 74 && refused.errors.contains("pn533_usb has it"))
    reader.setKernelDriver(nil)
    let result = try await ProgramUnderTest.run("smartotp", ["code", "--at", "59"], on: bench)
    #expect(result.output == "287082\n")
  }

  @Test("A reader that another program has claimed is in use, not silent")
  func claimed() async throws {
    let bench = try USBBench()
    let reader = try bench.attach(.acr122u)
    let holder = try ProgramUnderTest("smartotp", ["poll"], on: bench)
    for _ in 0..<6000 {
      if reader.counts.input > 0 { break }
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(reader.counts.input > 0)
    let refused = try await ProgramUnderTest.run("smartotp", ["code"], on: bench)
    #expect(refused.status == 74 && refused.errors.contains("the reader is in use: "), "\(refused)")
    holder.interrupt()
    _ = try await holder.end()
  }

  @Test(
    "Wherever the reader goes during smartotp code, there is the code or a reason, and the next is right",
    arguments: ReaderModel.allCases)
  func vanishing(_ model: ReaderModel) async throws {
    let bench = try USBBench()
    let reader = try bench.attach(model, cards: [try card()])
    let arguments = ["code", "-r", "usb:1-1", "--at", "59"]
    for transfer in stride(from: 3, to: 90, by: 17) {
      reader.arm(TransferFault(.vanish(.after, returnsAfter: nil), index: transfer))
      let result = try await ProgramUnderTest.run("smartotp", arguments, on: bench)
      let isRight = result.status == 0 && result.output == "287082\n"
      let isReason =
        [69, 74].contains(result.status) && result.output.isEmpty
        && result.errors.hasPrefix("smartotp: ")
      #expect(isRight || isReason, "\(transfer): \(result)")
      reader.disarm()
      try reader.plugIn()
    }
    let result = try await ProgramUnderTest.run("smartotp", arguments, on: bench)
    #expect(result.output == "287082\n")
  }

  @Test("A program that watches the bus is told of readers that come and go")
  func hotplug() async throws {
    let bench = try USBBench()
    let reader = try bench.attach(.acr122u)
    let watch = try ProgramUnderTest("smartotp", ["readers", "--watch"], on: bench)
    #expect(
      await watch.nextOutput() == "reader-attached  usb:1-1  ACS ACR122U  acr122_usb:001:002\n")
    reader.unplug()
    #expect(
      await watch.nextOutput() == "reader-detached  usb:1-1  ACS ACR122U  acr122_usb:001:002\n")
    try reader.plugIn()
    #expect(
      await watch.nextOutput() == "reader-attached  usb:1-1  ACS ACR122U  acr122_usb:001:003\n")
    watch.interrupt()
    _ = try await watch.end()
  }

  @Test("Nothing of a bench is left when it is gone")
  func cleanUp() async throws {
    let root: String
    do {
      let bench = try USBBench()
      root = bench.root
      try bench.attach(.pn533)
      _ = try await ProgramUnderTest.run("lsusb", on: bench)
    }
    #expect(Folders.names(root).isEmpty)
  }
}
