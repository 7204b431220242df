import SmartCard

/// Finds the activations in a trace's frames (ISO/IEC 14443-3, 6 and 7; 14443-4, 5).
struct ActivationAssembler {
  /// What the card is about to say.
  private enum Expected {
    case nothing, atqa, uid, sak, ats, atqb, attribResponse, parameters
  }

  private var expected = Expected.nothing
  private var atqa = ATQA(rawValue: 0)
  private var cascade: [UInt8] = []
  /// A card that is known but for its ATS, or its answer to ATTRIB.
  private var unfinished: Activation?

  /// A frame of the reader. Nil when it is none of an activation.
  mutating func fromReader(_ frame: AirFrame) -> [TraceEvent]? {
    if frame.bytes == [0x26] || frame.bytes == [0x52] {
      return begin(.atqa)
    }
    if let first = frame.bytes.first, [0x93, 0x95, 0x97].contains(first),
      frame.bytes.count >= 2, frame.bytes[1] != 0x70
    {
      expected = .uid
      return []
    }
    guard let bytes = frame.checked, let first = bytes.first else { return nil }
    switch (first, bytes.count) {
    case (0x93, 7), (0x95, 7), (0x97, 7): return select(bytes)
    case (0xE0, 2): return expect(.ats)
    case (0x05, 3): return begin(.atqb)
    case (0x1D, 9...): return expect(.attribResponse)
    case (0x50, 2), (0x50, 5): return expect(.nothing)
    case (0xD0...0xDF, 2...3): return expect(.parameters)
    default: return nil
    }
  }

  private mutating func expect(_ answer: Expected) -> [TraceEvent] {
    expected = answer
    return []
  }

  private mutating func begin(_ answer: Expected) -> [TraceEvent] {
    defer { cascade = [] }
    expected = answer
    return finish()
  }

  /// A frame of the card. Nil when it is none of an activation.
  mutating func fromCard(_ frame: AirFrame) -> [TraceEvent]? {
    defer { expected = .nothing }
    switch expected {
    case .nothing: return nil
    case .uid, .parameters: return []
    case .atqa:
      guard frame.bytes.count == 2 else {
        return [.note("an ATQA of \(ShownText.byteCount(frame.bytes.count))")]
      }
      atqa = ATQA(rawValue: UInt16(frame.bytes[1]) << 8 | UInt16(frame.bytes[0]))
      return []
    case .sak, .ats, .atqb, .attribResponse:
      guard let bytes = frame.checked else { return [.note(AirFrame.wrongChecksum)] }
      return answered(bytes)
    }
  }

  private mutating func answered(_ bytes: [UInt8]) -> [TraceEvent] {
    switch expected {
    case .sak: selected(bytes)
    case .ats: identified(bytes)
    case .atqb: found(bytes)
    default: attributed(bytes)
    }
  }

  /// A card that was activated no further than it is known.
  mutating func finish() -> [TraceEvent] {
    defer { unfinished = nil }
    return unfinished.map { [.activated($0)] } ?? []
  }
}

// MARK: - Type A

extension ActivationAssembler {
  /// SELECT of a cascade level: command, 70, four bytes of the UID, their check byte.
  private mutating func select(_ bytes: [UInt8]) -> [TraceEvent] {
    if bytes[0] == 0x93 { cascade = [] }
    cascade += bytes[2..<6]
    return expect(.sak)
  }

  private mutating func selected(_ bytes: [UInt8]) -> [TraceEvent] {
    guard bytes.count == 1, cascade.count <= 12 else {
      return [.note("a SAK of \(ShownText.byteCount(bytes.count))")]
    }
    let sak = SAK(rawValue: bytes[0])
    // The UID is not complete.
    if bytes[0] & 0x04 != 0 { return [] }
    guard let uid = try? UID(withCascadeTags: cascade) else {
      return [.note("a UID that breaks the standard, \(Hexadecimal.text(cascade))")]
    }
    unfinished = .typeA(TypeAActivation(atqa: atqa, sak: sak, uid: uid))
    return sak.isISO14443_4 ? [] : finish()
  }

  private mutating func identified(_ bytes: [UInt8]) -> [TraceEvent] {
    guard case .typeA(var card) = unfinished else { return [] }
    do throws(ActivationError) {
      card.ats = try ATS(parsing: bytes)
    } catch {
      return finish() + [.note("its ATS cannot be read: \(error.explanation)")]
    }
    unfinished = .typeA(card)
    return finish()
  }
}

// MARK: - Type B

extension ActivationAssembler {
  private mutating func found(_ bytes: [UInt8]) -> [TraceEvent] {
    do throws(ActivationError) {
      unfinished = .typeB(TypeBActivation(atqb: try ATQB(parsing: bytes)))
    } catch {
      return [.note("an ATQB that cannot be read: \(error.explanation)")]
    }
    return []
  }

  private mutating func attributed(_ bytes: [UInt8]) -> [TraceEvent] {
    guard case .typeB(var card) = unfinished else { return [] }
    card.attribResponse = bytes
    unfinished = .typeB(card)
    return finish()
  }
}
