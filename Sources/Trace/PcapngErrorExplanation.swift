import SmartCard

extension PcapngError {
  /// What is wrong with the file, as a phrase.
  public var explanation: String {
    switch self {
    case .notPcapng: "it is no pcapng file"
    case .unsupportedVersion(let major, let minor):
      "it is of pcapng version \(major).\(minor), and only version 1 is known"
    case .blockLength(let length): "a block states the impossible length \(length)"
    case .truncated: "it ends in the middle of a block"
    case .malformedBlock(let type): "a block of type \(type) is damaged"
    case .unknownInterface(let index): "a packet names interface \(index), which is not described"
    case .tooManyInterfaces: "it describes more interfaces than can be"
    }
  }
}
