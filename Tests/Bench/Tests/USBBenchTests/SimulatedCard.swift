import Simulation
import Testing

/// The simulated card, beside the program's view of a card that has the same name.
typealias SimulatedCard = OATHCard

extension SimulatedCard {
  /// A card with credentials written as the bench's command line takes them.
  static func with(_ credentials: String...) throws -> SimulatedCard { try with(credentials) }

  static func with(_ credentials: [String]) throws -> SimulatedCard {
    OATHCard(credentials: try credentials.map { try #require(OATHCredential(parsing: $0)) })
  }
}
