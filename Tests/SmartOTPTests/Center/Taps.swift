import Simulation
import Testing

/// Cards moved by hand while a program watches the reader.
extension Field {
  /// Two taps: `confirm` sees the card, shows the transaction, and the card is laid on again.
  func confirm(_ card: OATHCard, as environment: [String]) async throws -> Outcome {
    let running = try start(["confirm", "--json"], environment: environment)
    await running.lines(1)
    if !running.hasEnded { await swap(card, for: card, under: running, line: 2) }
    return await running.end()
  }

  /// Takes a card away, waits until the program has said so in its line of that number, and lays
  /// another on.
  func swap(
    _ old: OATHCard, for new: OATHCard, under program: RunningProgram, line: Int
  ) async {
    hardware.remove(old)
    await program.lines(line)
    hardware.insert(new)
  }

  struct NeverHappened: Error {}

  /// Waits until something is so.
  func reaches(_ isMet: () -> Bool) async throws {
    for _ in 0..<3000 {
      if isMet() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw NeverHappened()
  }
}

extension RunningProgram {
  /// Waits for a text on standard error; a program that does not say it is ended.
  func says(_ text: String) async throws {
    for _ in 0..<3000 where !errorsContain(text) && !hasEnded {
      try await Task.sleep(for: .milliseconds(10))
    }
    guard !errorsContain(text) else { return }
    interrupt()
    Issue.record("\(text) was not said: \(await end())")
  }
}
