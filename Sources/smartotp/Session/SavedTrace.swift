import Glibc
import Trace

/// A trace in a pcapng file.
struct SavedTrace {
  /// `-` is standard input.
  let path: String

  /// Prints what it holds, as far as it can be read.
  ///
  /// - Throws: `CommandFailure` when it cannot be read, or is no trace.
  func tell(to transcript: inout TraceTranscript) async throws {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(errno) }
    defer { close(descriptor) }
    let input = CancellableInput(descriptor)
    var reader = PcapngReader()
    var reading = Reading()
    do {
      reading: while true {
        switch await input.next() {
        case .bytes(let bytes): reader.append(bytes)
        case .end: break reading
        case .interrupted: throw CommandFailure("interrupted", .interrupted)
        }
        while let packet = try reader.next() {
          Self.print(reading.take(packet), to: &transcript)
        }
      }
      try reader.finish()
    } catch let error as PcapngError {
      throw CommandFailure("cannot explain \(path): \(error.explanation)", .badData)
    }
    Self.print(reading.finish(), to: &transcript)
    for line in transcript.finish() { StandardOutput.line(line) }
    guard reading.hasFrames else {
      throw CommandFailure("cannot explain \(path): no ISO 14443 frames are in it", .badData)
    }
  }

  private static func print(_ moments: [Reading.Moment], to transcript: inout TraceTranscript) {
    for moment in moments {
      for line in transcript.tell(moment.event, at: moment.time) { StandardOutput.line(line) }
    }
  }

  private func unreadable(_ error: Int32) -> CommandFailure {
    let reason = String(cString: strerror(error))
    return CommandFailure(
      "cannot read \(path): \(reason)", error == EACCES ? .permission : .badData)
  }
}

/// What the packets of a file tell.
private struct Reading {
  struct Moment {
    var event: TraceEvent
    /// Nanoseconds since 1970.
    var time: UInt64
  }

  private var assembler = FrameAssembler()
  private var lastTime: UInt64 = 0
  private(set) var hasFrames = false

  mutating func take(_ packet: PcapngReader.Packet) -> [Moment] {
    guard packet.linkType == AirFrame.linkType else { return [] }
    hasFrames = true
    lastTime = packet.timestamp
    guard let frame = AirFrame(packet: packet.data) else {
      return moments([.note("a packet that is no ISO 14443 frame")])
    }
    return moments(assembler.take(frame))
  }

  mutating func finish() -> [Moment] { moments(assembler.finish()) }

  private func moments(_ events: [TraceEvent]) -> [Moment] {
    events.map { Moment(event: $0, time: lastTime) }
  }
}
