import Testing

@testable import Simulation

@Suite("The chip's frame receiver")
struct FrameReceiverTests {
  private func receive(_ bytes: [UInt8]) -> [HostFrame] {
    var receiver = FrameReceiver()
    return bytes.compactMap { receiver.receive($0) }
  }

  private func command(_ bytes: [UInt8]) -> [UInt8] {
    ChipFrame.information(ChipFrame.toChip, bytes)
  }

  @Test("A frame from the user manual is a command")
  func firmwareCommand() {
    #expect(receive([0x00, 0x00, 0xFF, 0x02, 0xFE, 0xD4, 0x02, 0x2A, 0x00]) == [.command([0x02])])
  }

  @Test("Acknowledgements of both kinds are told apart")
  func acknowledgements() {
    #expect(receive(ChipFrame.acknowledge.encoded) == [.acknowledge])
    #expect(receive(ChipFrame.negativeAcknowledge.encoded) == [.negativeAcknowledge])
  }

  @Test("Wake-up bytes and zeros before the start code are skipped")
  func preamble() {
    let noise: [UInt8] = [0x55, 0x55, 0x00, 0x00, 0x00, 0x00, 0x00]
    #expect(receive(noise + command([0x02])) == [.command([0x02])])
    #expect(receive(Array(command([0x02]).dropFirst())) == [.command([0x02])])
  }

  @Test("Frames above 255 bytes are extended, up to what the chip's buffer holds")
  func extendedFrames() {
    for count in [253, 254, 255, 263] {
      let payload = [0x00] + [UInt8](repeating: 0xA5, count: count)
      #expect(receive(command(payload)) == [.command(payload)], "\(count)")
    }
    let tooLong = [0x00] + [UInt8](repeating: 0xA5, count: 264)
    #expect(receive(command(tooLong)).isEmpty)
  }

  @Test("Any single flipped bit before the postamble makes the frame vanish or become another")
  func flippedBits() {
    let payload: [UInt8] = [0x40, 0x01, 0x00, 0xA4, 0x04, 0x00]
    let frame = command(payload)
    for position in 3..<frame.count - 1 {
      for bit in 0..<8 {
        var damaged = frame
        damaged[position] ^= 1 << UInt8(bit)
        #expect(!receive(damaged).contains(.command(payload)), "\(position).\(bit)")
      }
    }
  }

  @Test("A lost non-zero byte is noticed")
  func lostByte() {
    let frame = command([0x40, 0x01, 0xA2, 0x74])
    for position in 5..<frame.count - 2 {
      var damaged = frame
      damaged.remove(at: position)
      #expect(receive(damaged).isEmpty, "\(position)")
    }
  }

  @Test("A lost zero byte slides the checksum into the data and passes")
  func lostZero() {
    let frame = command([0x40, 0x01, 0x00, 0xA2, 0x74])
    var damaged = frame
    damaged.remove(at: 8)
    let checksum = frame[frame.count - 2]
    #expect(receive(damaged) == [.command([0x40, 0x01, 0xA2, 0x74, checksum])])
  }

  @Test("A frame for somebody else is malformed")
  func wrongIdentifier() {
    #expect(receive(ChipFrame.answer([0x03]).encoded) == [.malformed])
    #expect(receive(ChipFrame.syntaxError.encoded) == [.malformed])
  }

  @Test("A frame follows another without a gap")
  func backToBack() {
    let bytes = command([0x02]) + ChipFrame.acknowledge.encoded + command([0x04])
    #expect(receive(bytes) == [.command([0x02]), .acknowledge, .command([0x04])])
  }
}
