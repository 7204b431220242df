import ArgumentParser
import Simulation

struct LineOptions: ParsableArguments {
  @Flag(help: "Take the time a real line, field and card take; otherwise only waiting takes time.")
  var paced = false

  @Option(help: "Speed in baud above which the line distorts every byte.")
  var maxBaud: Int?

  @Option(help: "A symbolic link to the port, made now and removed at the end.")
  var link: String?

  @Option(name: .customLong("fault"), help: "A fault, see above. May be repeated.")
  var faultTexts: [String] = []

  @Option(help: "Write every frame to this file; - is standard output.")
  var log: String?

  func faults() throws -> [Fault] {
    try faultTexts.map { text in
      do { return try Fault(parsing: text) } catch {
        throw ValidationError("--fault \(text): \(error)")
      }
    }
  }
}
