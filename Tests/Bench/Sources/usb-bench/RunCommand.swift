import ArgumentParser
import Foundation
import Simulation
import USBBench

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a command that sees simulated USB readers, and exits with its status.",
    discussion: """
      The command finds the readers in /sys and /dev/bus/usb; no real device is touched. It also \
      finds their libnfc names in $USB_BENCH_READERS, apart by spaces.

      Faults of transfers: usb,transfer=N,WHAT[,pipe=in|out|control][,repeat], where WHAT is \
      vanish=before|during|after[,back=MS], stall, short=N, babble, disturbed, hang, reset or \
      delay=MS. \
      Faults of chip and card are those of smartotp-sim. Counts begin at 0, when the command \
      starts. Times: unplug,at=MS[,back=MS].

      Examples:
        usb-bench run -- lsusb -v
        usb-bench run --reader both -- nfc-list
        usb-bench run --kernel-driver pn533_usb --reader pn533 -- smartotp readers
        usb-bench run --fault usb,transfer=40,vanish=during,back=500 -- smartotp code
      """)

  @OptionGroup var readers: ReaderOptions
  @OptionGroup var cards: CardOptions

  @Option(name: .customLong("fault"), help: "A fault, see above. May be repeated.")
  var faultTexts: [String] = []

  @Flag(help: "Say on standard error how many transfers each reader has seen.")
  var count = false

  @Option(help: "Write every transfer to this file; - is standard error.")
  var log: String?

  @Argument(parsing: .postTerminator, help: "The command and its arguments.")
  var command: [String] = []

  func validate() throws {
    guard !command.isEmpty else { throw ValidationError("A command is wanted after --.") }
    _ = try faults()
  }

  func run() throws {
    let bench = try USBBench()
    let attached = try readers.attach(to: bench, cards: try cards.cards())
    let faults = try faults()
    for reader in attached { for fault in faults { fault.arm(on: reader) } }
    if let log {
      let file = try TransferLog(log)
      for reader in attached { reader.observe { file.write($0, of: reader.model) } }
    }
    let names = attached.compactMap(\.connectionString).joined(separator: " ")
    let program = TestedProgram(
      command, environment: bench.environment.merging(["USB_BENCH_READERS": names]) { $1 })
    let status = try program.run()
    if count { for reader in attached { report(reader) } }
    throw ExitCode(status)
  }

  private func faults() throws -> [BenchFault] {
    try faultTexts.map { text in
      do { return try BenchFault(parsing: text) } catch {
        throw ValidationError("--fault \(text): \(error)")
      }
    }
  }

  private func report(_ reader: SimulatedUSBReader) {
    let counts = reader.counts
    let line =
      "\(reader.model.rawValue) transfers in \(counts.input) out \(counts.output) "
      + "control \(counts.control) discarded \(counts.discarded)\n"
    FileHandle.standardError.write(Data(line.utf8))
  }
}
