import Testing

@Suite("usb-bench", .serialized)
struct CommandLineTests {
  private func bench(_ options: [String], _ command: String...) async throws
    -> ProgramUnderTest.Result
  {
    try await ProgramUnderTest.run("usb-bench", ["run"] + options + ["--"] + command)
  }

  @Test("The command's status and output are the bench's, a signal's number and 128 as in a shell")
  func status() async throws {
    #expect(
      try await bench([], "sh", "-c", "echo out; echo err >&2; exit 7")
        == .init(status: 7, output: "out\n", errors: "err\n"))
    #expect(try await bench([], "sh", "-c", "kill -9 $$").status == 137)
  }

  @Test("The command finds the readers' names in its environment")
  func names() async throws {
    let result = try await bench(["--reader", "both"], "sh", "-c", "echo $USB_BENCH_READERS")
    #expect(result.output == "acr122_usb:001:002 pn53x_usb:001:003\n")
  }

  @Test("A count is kept of transfers")
  func count() async throws {
    let result = try await bench(["--count"], "true")
    #expect(
      result
        == .init(
          status: 0, output: "", errors: "acr122u transfers in 0 out 0 control 0 discarded 0\n"))
  }

  @Test("A node without rights is refused even to root, for reading or for everything")
  func access() async throws {
    let node = "/dev/bus/usb/001/002"
    #expect(try await bench(["--access", "none"], "sh", "-c", ": < \(node)").status != 0)
    #expect(try await bench(["--access", "read-only"], "sh", "-c", ": < \(node)").status == 0)
    #expect(try await bench(["--access", "read-only"], "sh", "-c", ": >> \(node)").status != 0)
    let result = try await bench(["--access", "read-only"], "nfc-list")
    #expect(result.errors.contains("Unable to claim USB interface (Operation not permitted)"))
  }

  @Test("A reader unplugged by the clock is gone, and comes back under another number")
  func unplug() async throws {
    let result = try await bench(
      ["--fault", "unplug,at=0,back=1"], "sh", "-c",
      "while [ ! -e /dev/bus/usb/001/003 ]; do sleep 0.02; done; ls /dev/bus/usb/001")
    #expect(result.output == "001\n003\n")
  }

  @Test(
    "Options that mean nothing are a usage error",
    arguments: [
      ["--fault", "usb,nothing"], ["--fault", "line,to=host,drop"], ["--fault", "unplug,at=x"],
      ["--reader", "acr1252"], ["--credential", "x"], ["--access", "some"],
    ])
  func usage(_ options: [String]) async throws {
    let result = try await bench(options, "true")
    #expect(result.status == 64 && result.output.isEmpty)
  }
}
