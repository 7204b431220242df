import SmartCard

/// Turns what the host knows of a card into frames as they must have crossed the air.
///
/// A PN53x activates cards and speaks the block protocol itself, and reports results. The frames are
/// rebuilt from these: what an activation implies, and each APDU as I-blocks with alternating block
/// numbers, chained at the card's and the reader's frame sizes, CRCs computed over
/// what is shown. Waiting time extensions, retransmissions, frames of cards that were not chosen and
/// the times between the frames of one exchange remain unknown.
///
/// Feed it in order: an activation, then commands and their responses, then `lost`.
public struct AirTrace: Sendable {
  private let readerFrameSizeCode: UInt8
  private var masker: APDUMasker
  private var blocks = BlockProtocol(cardFrame: 0, readerFrame: 0, checksum: .typeA)
  private var isFieldOn = false

  /// - Parameters:
  ///   - masking: whether secrets are replaced.
  ///   - readerFrameSizeCode: FSDI, 0 to 8 for 16, 24, 32, 40, 48, 64, 96, 128 and 256 bytes; larger
  ///     ones count as 8. A PN532 announces 5.
  public init(masking: Masking = .secrets, readerFrameSizeCode: UInt8 = 5) {
    self.readerFrameSizeCode = min(readerFrameSizeCode, 8)
    masker = APDUMasker(masking)
  }

  /// A card was activated. An activation of Type B without its answer to ATTRIB ends at the ATQB.
  public mutating func activated(_ activation: Activation) -> [AirFrame] {
    masker = APDUMasker(masker.masking)
    blocks = BlockProtocol(
      cardFrame: activation.maximumFrame,
      readerFrame: Self.frameSizes[Int(readerFrameSizeCode)], checksum: activation.checksum)
    var frames = isFieldOn ? [] : [AirFrame(.fieldOn)]
    isFieldOn = true
    var rebuilt = activation.frames(readerFrameSizeCode: readerFrameSizeCode)
    if !rebuilt.isEmpty { rebuilt[0].comment = "Rebuilt from the activation data" }
    frames += rebuilt
    return frames
  }

  /// A command APDU was sent.
  public mutating func command(_ apdu: [UInt8]) -> [AirFrame] {
    let masked = masker.command(apdu)
    return annotate(blocks.command(masked.bytes), isMasked: masked.hidesAny)
  }

  /// A response APDU came, status word included.
  public mutating func response(_ apdu: [UInt8]) -> [AirFrame] {
    let masked = masker.response(apdu)
    return annotate(blocks.response(masked.bytes), isMasked: masked.hidesAny)
  }

  /// The card is gone or the field is off.
  public mutating func lost() -> [AirFrame] {
    masker = APDUMasker(masker.masking)
    guard isFieldOn else { return [] }
    isFieldOn = false
    return [AirFrame(.fieldOff)]
  }

  private func annotate(_ frames: [AirFrame], isMasked: Bool) -> [AirFrame] {
    var frames = frames
    if isMasked, !frames.isEmpty { frames[0].comment = "Secrets are masked with 2A" }
    return frames
  }

  /// What a PN532 announces, in bytes.
  static let readerFrame = frameSizes[5]
  private static let frameSizes = [16, 24, 32, 40, 48, 64, 96, 128, 256]
}
