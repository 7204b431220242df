import Logging

/// swift-log's side of `ServiceLog`.
public struct ServiceLogHandler: LogHandler {
  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?
  public var logLevel: Logger.Level
  private let log: ServiceLog
  private let label: String

  init(log: ServiceLog, label: String, logLevel: Logger.Level) {
    self.log = log
    self.label = label
    self.logLevel = logLevel
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// What the record itself carries outranks the provider's, which outranks the logger's.
  public func log(event: LogEvent) {
    let provided = metadataProvider?.get() ?? [:]
    let metadata = self.metadata.merging(provided) { $1 }.merging(event.metadata ?? [:]) { $1 }
    log.write(event, label: label, metadata: metadata)
  }
}
