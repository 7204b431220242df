/// A trace of one reader as a pcapng file. Each call gives the bytes to append to it.
public struct TraceFile: Sendable {
  private let writer = PcapngWriter(linkType: AirFrame.linkType)

  public init() {}

  /// The file's beginning, with a comment on what the frames are and are not.
  public func header(reader: String, application: String, masking: Masking) -> [UInt8] {
    writer.header(
      interfaceName: reader, application: application,
      comment: "\(Self.origin) \(masking == .secrets ? Self.masked : Self.unmasked)")
  }

  /// Frames that became known at one time.
  ///
  /// - Parameter timestamp: nanoseconds since 1970.
  public func frames(_ frames: [AirFrame], at timestamp: UInt64) -> [UInt8] {
    frames.flatMap { writer.packet($0.packet, timestamp: timestamp, comment: $0.comment) }
  }

  private static let origin = """
    Frames rebuilt from what the reader's chip reports. The chip activates cards and speaks the block \
    protocol itself: waiting time extensions, retransmissions and the times between the frames of one \
    exchange are not known, and the CRCs are computed.
    """
  private static let masked =
    "Keys, codes and whatever could not be told from them are replaced by bytes 2A."
  private static let unmasked = "NOTHING IS MASKED: this file can hold keys and codes."
}
