import Reader

final class AirTraceWriter: Sendable {
  init(path: String, reader: String, showsSecrets: Bool) throws {}
  var observer: AirObserver { AirObserver { _ in } }
  func finish() throws {}
}
