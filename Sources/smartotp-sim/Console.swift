import Foundation
import Simulation

/// Takes commands from standard input until it ends or says quit.
struct Console {
  let session: Session
  let writesJSON: Bool

  func run() {
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      guard let command = words.first else { continue }
      if command == "quit" {
        answer(Reply("bye"))
        return
      }
      answer(reply(command, Array(words.dropFirst())))
    }
  }

  private func answer(_ reply: Reply) {
    print(writesJSON ? reply.json : reply.text)
    flushOutput()
  }

  private func reply(_ command: String, _ arguments: [String]) -> Reply {
    let reader = session.reader
    switch command {
    case "tap": return move(arguments) { reader.insert($0) }
    case "remove": return move(arguments) { reader.remove($0) }
    case "fault": return arm(arguments.joined())
    case "disarm":
      reader.disarm()
      return Reply("ok")
    case "heal":
      reader.heal()
      return Reply("ok")
    case "reset":
      reader.resetCounters()
      return Reply("ok")
    case "counters": return counters()
    case "cards": return cards()
    default: return Reply(error: "unknown command \(command)")
    }
  }

  private func move(_ arguments: [String], _ body: (any VirtualCard) -> Void) -> Reply {
    let cards = session.cards
    guard !cards.isEmpty else { return Reply(error: "there is no card to move") }
    if arguments.isEmpty || arguments == ["all"] {
      for card in arguments.isEmpty ? Array(cards.prefix(1)) : cards { body(card) }
    } else {
      guard arguments.count == 1, let number = Int(arguments[0]), cards.indices.contains(number - 1)
      else { return Reply(error: "there are \(cards.count) cards, numbered from 1") }
      body(cards[number - 1])
    }
    return Reply("ok", ["inField": session.reader.cards.count])
  }

  private func arm(_ text: String) -> Reply {
    do {
      session.reader.arm(try Fault(parsing: text))
      return Reply("ok")
    } catch { return Reply(error: "\(error)") }
  }

  private func counters() -> Reply {
    let counters = session.reader.counters
    return Reply(
      "ok",
      [
        "commands": counters.commands, "bytesFromHost": counters.bytesFromHost,
        "bytesToHost": counters.bytesToHost, "faults": session.reader.faultsFired,
      ])
  }

  private func cards() -> Reply {
    let inField = session.reader.cards
    return Reply(
      "ok",
      [
        "cards": session.cards.count
          + inField.count { card in
            !session.cards.contains { $0 === card }
          }, "inField": inField.count,
      ])
  }
}

/// One line for each command.
struct Reply {
  private var word: String
  private var values: [String: Int]
  private var error: String?

  init(_ word: String, _ values: [String: Int] = [:]) {
    self.word = word
    self.values = values
  }

  init(error: String) {
    word = "error"
    values = [:]
    self.error = error
  }

  var text: String {
    let parts = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return ([word] + parts + (error.map { [$0] } ?? [])).joined(separator: " ")
  }

  var json: String {
    var object: [String: Any] = ["result": word]
    for (key, value) in values { object[key] = value }
    if let error { object["message"] = error }
    let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
