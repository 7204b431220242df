/// Why bytes are not a pcapng file that this reader takes.
public enum PcapngError: Error, Equatable, Sendable {
  /// The first block is not a section header.
  case notPcapng
  /// A section of a major version other than 1.
  case unsupportedVersion(major: UInt16, minor: UInt16)
  /// A block's length is not a multiple of 4, too small for its kind, larger than allowed, or not
  /// repeated at its end.
  case blockLength(UInt32)
  /// The bytes end inside a block.
  case truncated
  /// An option or a packet reaches past its block.
  case malformedBlock(type: UInt32)
  /// A packet names an interface that was not described.
  case unknownInterface(UInt32)
  /// More interfaces in a section than allowed.
  case tooManyInterfaces
}
