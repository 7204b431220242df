import PlantedSystem
import Reader
import ReaderUSB
import Simulation

@testable import Diagnosis

extension PlantedFault {
  private static func chip(
    _ chip: @escaping @autoclosure @Sendable () -> SimulatedProbe
  ) -> @Sendable (PlantedMachine) -> Void {
    { $0.chip = chip() }
  }

  /// Seen by root, who sees what other users' processes have open.
  private static func unopened(_ error: ReaderError) -> @Sendable (PlantedMachine) -> Void {
    { machine in
      machine.credentials.user = 0
      machine.chip = SimulatedProbe(failing: error)
    }
  }

  /// The line itself, where libnfc understood nothing.
  private static func heard(_ answer: SerialAnswer) -> @Sendable (PlantedMachine) -> Void {
    { machine in
      unopened(.silent("port"))(machine)
      machine.heard = answer
    }
  }

  /// An answer in the chip's place, to the n-th command or to those that begin like this.
  private static func probe(
    cards: [any VirtualCard] = [],
    _ intercept: @escaping @Sendable ([UInt8], Int) -> SimulatedProbe.Reply?
  ) -> SimulatedProbe {
    SimulatedProbe(cards: cards, intercept: intercept)
  }

  private static let slow: @Sendable ([UInt8], Int) -> Duration = { bytes, number in
    bytes == [0x02] && number % 3 == 0 ? .milliseconds(60) : .milliseconds(3)
  }

  static let inTheReader: [PlantedFault] = [
    PlantedFault("reader-stays") { machine in
      let tree = machine.tree
      machine.chip = probe { _, number in
        if number == 10 { tree.unplug(PlantedMachine.reader) }
        return number < 10 ? nil : .failure(.fault(.gone))
      }
    },
    PlantedFault("reader-opens", plant: unopened(.silent("acr122_usb:001:004"))),
    PlantedFault("reader-opens", on: .uart, plant: unopened(.silent("uart"))),
    PlantedFault("reader-opens", on: .uart, plant: heard(.silence)),
    PlantedFault("reader-opens", on: .adapter, plant: heard(.echo)),
    PlantedFault("reader-opens", on: .uart, plant: heard(.acknowledged)),
    PlantedFault("reader-opens", on: .adapter, plant: heard(.damaged)),
    PlantedFault("reader-opens", on: .adapter, plant: heard(.good)),
    PlantedFault("reader-opens", on: .adapter, plant: heard(.foreign(Array("$GPGGA".utf8)))),
    PlantedFault("reader-opens", on: .i2c, plant: unopened(.silent("i2c"))),
    PlantedFault("reader-opens", plant: unopened(.notFound("/dev/bus/usb/001/004"))),
    PlantedFault("reader-opens", plant: unopened(.driverMissing("smartotp-reader"))),
    PlantedFault(
      "driver-survives",
      plant: chip(
        probe { _, number in number == 5 ? .failure(.fault(.driverKilled(signal: 11))) : nil })),
    PlantedFault("libnfc-loaded", is: .warn) {
      $0.tree.write("/proc/902/maps", "7f00-7f01 r-xp 00 08:01 12 /usr/local/lib/libnfc.so.6.0.0\n")
    },
    PlantedFault(
      "chip-steady",
      plant: chip(probe { _, number in number == 7 ? .failure(.fault(.line(code: -1))) : nil })),
    PlantedFault(
      "chip-steady",
      plant: chip(probe { _, number in number > 20 ? .failure(.deadlinePassed) : nil })),
    PlantedFault("chip-identity", plant: chip(SimulatedProbe([0x02], answers: [0x44, 1, 6, 7]))),
    PlantedFault("chip-step") { machine in
      let late = LateAnswers()
      machine.chip = probe { bytes, _ in
        bytes.starts(with: [0x00, 0x00]) ? late.answer(to: Array(bytes.dropFirst())) : nil
      }
    },
    PlantedFault(
      "chip-line", plant: chip(SimulatedProbe([0x00, 0x00, 0x03], answers: [0x00, 0x01]))),
    PlantedFault("chip-rom", plant: chip(SimulatedProbe([0x00, 0x01], answers: [0xFF]))),
    PlantedFault("chip-ram", plant: chip(SimulatedProbe([0x00, 0x02], answers: [0xFF]))),
    PlantedFault("chip-antenna", plant: chip(SimulatedProbe([0x00, 0x07], answers: [0x40]))),
    PlantedFault(
      "chip-status", plant: chip(SimulatedProbe([0x04], answers: [0x0D, 0x00, 0x00, 0x80]))),
    PlantedFault("chip-behaviour", is: .warn, plant: chip(SimulatedProbe([0x04], answers: [0x00]))),
    PlantedFault(
      "chip-behaviour", is: .warn, plant: chip(SimulatedProbe([0x02], answers: [0x32, 1, 6, 1]))),
    PlantedFault("field-on", plant: chip(SimulatedProbe([0x06], answers: [0x80]))),
    PlantedFault(
      "card-data",
      plant: chip(SimulatedProbe([0x4A, 0x02, 0x00], answers: [1, 1, 0, 0x44, 0x20, 0xFF, 1]))),
    PlantedFault(
      "one-card",
      plant: chip(
        SimulatedProbe(cards: [
          OATHCard(), OATHCard(activation: .typeA(.isoDEP(uid: [4, 9, 9, 9, 9, 9, 9]))),
        ]))),
    PlantedFault("card-steady", is: .warn) { machine in
      let looks = Count()
      machine.chip = probe(cards: [OATHCard()]) { bytes, _ in
        bytes.starts(with: [0x4A, 0x02, 0x00]) && looks.next() == 2 ? .bytes([0]) : nil
      }
    },
    PlantedFault("card-kind", plant: chip(SimulatedProbe(cards: [MIFAREClassicCard()]))),
    PlantedFault(
      "card-application",
      plant: chip(
        SimulatedProbe(cards: [
          ScriptedCard { _ in
            CardAnswer([0x6A, 0x82])
          }
        ]))),
    PlantedFault("latency-timer", on: .adapter, is: .warn) {
      $0.tree.write("/sys/bus/usb-serial/devices/ttyUSB0/latency_timer", "16\n")
    },
    PlantedFault(
      "round-trip", is: .warn, plant: chip(SimulatedProbe(costs: { _, _ in .milliseconds(55) }))),
    PlantedFault("jitter", is: .warn, plant: chip(SimulatedProbe(costs: slow))),
    PlantedFault(
      "line-rate", on: .adapter, is: .warn,
      plant: chip(
        SimulatedProbe(
          lineSpeed: 115_200, costs: { bytes, _ in .microseconds(3000 + bytes.count * 400) }))),
    PlantedFault(
      "card-time", is: .warn,
      plant: chip(
        SimulatedProbe(
          cards: [OATHCard()],
          costs: { bytes, _ in bytes.first == 0x40 ? .milliseconds(300) : .milliseconds(3) }))),
  ]
}
