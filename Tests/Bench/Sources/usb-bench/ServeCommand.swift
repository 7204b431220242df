import ArgumentParser
import Foundation
import Simulation
import USBBench

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "A simulated USB reader for programs that are started elsewhere.",
    discussion: """
      The first line of output is a JSON object: what to put into a program's environment so that \
      it sees the reader (SMARTOTP_DRIVER_ENVIRONMENT for our own), and libnfc's name for it.

      Commands on standard input, one answer line each:
        tap [N]        put card N (the first is 1) on the reader
        remove [N]     take it off again; without a number all
        unplug [MS]    pull the reader out; with a time it comes back by itself
        plug           put it in again
        reset          reset the bus under it
        fault SPEC     arm a fault, as for run
        disarm         take back faults that have not happened
        counts         transfers, resets and power cycles so far
        quit           end, as the end of input does

      Example:
        usb-bench serve --reader acr122u --blank 2
      """)

  @OptionGroup var readers: ReaderOptions
  @OptionGroup var cards: CardOptions

  @Option(help: "Instead of other cards so many blank OATH cards, which the console lays on.")
  var blank = 0

  func run() throws {
    let bench = try USBBench()
    guard let reader = try readers.attach(to: bench, cards: []).first else {
      throw ValidationError("--reader none: there is nothing to serve.")
    }
    var environment = bench.environment
    environment["SMARTOTP_DRIVER_ENVIRONMENT"] = "inherit"
    let first: [String: Any] = [
      "connstring": reader.connectionString ?? "", "port": reader.port,
      "environment": environment,
    ]
    let data = try JSONSerialization.data(withJSONObject: first, options: [.sortedKeys])
    say(String(decoding: data, as: UTF8.self))
    ServeConsole(reader: reader, cards: try hand()).run { say($0) }
  }

  private func hand() throws -> [any VirtualCard] {
    guard blank > 0 else { return try cards.cards() }
    return (0..<min(blank, 16)).map { number in
      OATHCard(
        activation: .typeA(.isoDEP(uid: [0x04, 0xA2, 0x3B, 0x1C, 0x5D, 0x6E, UInt8(number)])),
        seed: UInt64(number) + 1)
    }
  }

  private func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}

/// Does what is typed.
struct ServeConsole {
  let reader: SimulatedUSBReader
  let cards: [any VirtualCard]

  func run(answer: (String) -> Void) {
    while let line = readLine() {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard let command = words.first else { continue }
      if command == "quit" { return answer("bye") }
      do { answer(try reply(command, words.dropFirst().first)) } catch { answer("error \(error)") }
    }
  }

  private func reply(_ command: String, _ argument: String?) throws -> String {
    switch command {
    case "tap": reader.insert(try card(argument ?? "1"))
    case "remove":
      if let argument { reader.remove(try card(argument)) } else { cards.forEach(reader.remove) }
    case "unplug":
      reader.unplug(returnsAfter: argument.flatMap(Int.init).map { .milliseconds($0) })
    case "plug": try reader.plugIn()
    case "reset": reader.resetBus()
    case "fault": try BenchFault(parsing: argument ?? "").arm(on: reader)
    case "disarm": reader.disarm()
    case "counts":
      let counts = reader.counts
      return "ok in=\(counts.input) out=\(counts.output) control=\(counts.control)"
        + " resets=\(reader.resets) powerCycles=\(reader.powerCycles)"
    default: return "error unknown command \(command)"
    }
    return "ok"
  }

  private func card(_ number: String) throws -> any VirtualCard {
    guard let index = Int(number), cards.indices.contains(index - 1) else {
      throw ValidationError("there are \(cards.count) cards, numbered from 1")
    }
    return cards[index - 1]
  }
}
