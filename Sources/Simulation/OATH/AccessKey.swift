/// The key that locks a card's OATH application.
struct AccessKey: Sendable, Equatable {
  var algorithm: OATHCredential.Algorithm
  var key: [UInt8]

  func response(to challenge: [UInt8]) -> [UInt8] { algorithm.mac(key, challenge) }
}
