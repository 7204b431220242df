/// Faults as text, as the command line and the console take them.
///
///     line,to=host|chip,frame=N,byte=P,WHAT[,kind=ack|nack|info|error|noise][,repeat]
///         WHAT: drop  flip=HEX  insert=HEX  hold=MS  split  cut
///     chip,command=N,WHAT[,code=HEX][,repeat]
///         WHAT: status=HEX  refuse=HEX  answer=HEX  delay=MS  mute  ignore  nack  error  reset
///     card,apdu=N,WHAT[,back=MS][,repeat]
///         WHAT: pull-before  pull-during  late=MS  answer=HEX  silent  nad=HEX  endless
///
/// Counts and positions begin at 0. A count that is left out is 0.
extension Fault {
  public init(parsing text: String) throws(FaultSyntaxError) {
    var words = FaultWords(text)
    let site = words.next()
    let repeats = words.take("repeat") != nil
    switch site {
    case "line": self = try .line(&words)
    case "chip": self = try .chip(&words)
    case "card": self = try .card(&words)
    default: throw FaultSyntaxError("a fault begins with line, chip or card, not “\(site)”")
    }
    self.repeats = repeats
    if let rest = words.rest { throw FaultSyntaxError("“\(rest)” does not belong here") }
  }

  private static func line(_ words: inout FaultWords) throws(FaultSyntaxError) -> Fault {
    let direction = words.take("to").flatMap(LineDirection.init(rawValue:))
    guard let direction else { throw FaultSyntaxError("a line fault needs to=host or to=chip") }
    var kind: FrameKind?
    if let word = words.take("kind") {
      guard let known = FrameKind(rawValue: word) else {
        throw FaultSyntaxError("“\(word)” is no kind of frame")
      }
      kind = known
    }
    let frame = try words.count("frame")
    let byte = try words.count("byte")
    return try .line(direction, frame: frame, kind: kind, byte: byte, LineFault(&words))
  }

  private static func chip(_ words: inout FaultWords) throws(FaultSyntaxError) -> Fault {
    let command = try words.count("command")
    let code = try words.byte("code")
    return try .chip(command: command, code: code, ChipFault(&words))
  }

  private static func card(_ words: inout FaultWords) throws(FaultSyntaxError) -> Fault {
    let apdu = try words.count("apdu")
    return try .card(apdu: apdu, CardFault(&words))
  }
}

/// What is wrong with a fault's text.
public struct FaultSyntaxError: Error, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

extension LineFault {
  fileprivate init(_ words: inout FaultWords) throws(FaultSyntaxError) {
    if words.take("drop") != nil {
      self = .drop
    } else if let mask = try words.byte("flip") {
      self = .flip(mask)
    } else if let bytes = try words.bytes("insert") {
      self = .insert(bytes)
    } else if let duration = try words.milliseconds("hold") {
      self = .hold(duration)
    } else if words.take("split") != nil {
      self = .split
    } else if words.take("cut") != nil {
      self = .cut
    } else {
      throw FaultSyntaxError("a line fault is drop, flip, insert, hold, split or cut")
    }
  }
}

extension ChipFault {
  fileprivate init(_ words: inout FaultWords) throws(FaultSyntaxError) {
    let plain: [(String, ChipFault)] = [
      ("mute", .mute), ("ignore", .ignore), ("nack", .negativeAcknowledge),
      ("error", .syntaxError), ("reset", .reset),
    ]
    if let fault = plain.first(where: { words.take($0.0) != nil })?.1 {
      self = fault
    } else if let status = try words.byte("status") {
      self = .status(status)
    } else if let status = try words.byte("refuse") {
      self = .refuse(status)
    } else if let bytes = try words.bytes("answer") {
      self = .answer(bytes)
    } else if let duration = try words.milliseconds("delay") {
      self = .delay(duration)
    } else {
      throw FaultSyntaxError(
        "a chip fault is status, refuse, answer, delay, mute, ignore, nack, error or reset")
    }
  }
}

extension CardFault {
  fileprivate init(_ words: inout FaultWords) throws(FaultSyntaxError) {
    let back = try words.milliseconds("back")
    if words.take("pull-before") != nil {
      self = .pullBefore(returnsAfter: back)
    } else if words.take("pull-during") != nil {
      self = .pullDuring(returnsAfter: back)
    } else if let duration = try words.milliseconds("late") {
      self = .late(duration)
    } else if let bytes = try words.bytes("answer") {
      self = .answer(bytes)
    } else if words.take("silent") != nil {
      self = .answer(nil)
    } else if let address = try words.byte("nad") {
      self = .nodeAddress(address)
    } else if words.take("endless") != nil {
      self = .neverEnds
    } else {
      throw FaultSyntaxError(
        "a card fault is pull-before, pull-during, late, answer, silent, nad or endless")
    }
  }
}
