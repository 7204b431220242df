import Simulation

/// Faults of transfers as text.
///
///     usb,transfer=N,WHAT[,pipe=in|out|control][,repeat]
///         WHAT: vanish=before|during|after[,back=MS]  stall  short=N  babble  disturbed  hang
///               reset  delay=MS
///
/// Counts begin at 0; one that is left out is 0.
extension TransferFault {
  public init(parsing text: String) throws(FaultSyntaxError) {
    var words = FaultWords(text)
    guard words.next() == "usb" else { throw FaultSyntaxError("a transfer fault begins with usb") }
    var pipe: Pipe?
    if let word = words.take("pipe") {
      guard let known = Pipe(rawValue: word) else {
        throw FaultSyntaxError("pipe=\(word) is not in, out or control")
      }
      pipe = known
    }
    let index = try words.count("transfer")
    let repeats = words.take("repeat") != nil
    let action = try Action(&words)
    if let rest = words.rest { throw FaultSyntaxError("“\(rest)” does not belong here") }
    self.init(action, pipe: pipe, index: index, repeats: repeats)
  }
}

extension TransferFault.Action {
  fileprivate init(_ words: inout FaultWords) throws(FaultSyntaxError) {
    let back = try words.milliseconds("back")
    let plain: [(String, TransferFault.Action)] = [
      ("stall", .stall), ("babble", .babble), ("disturbed", .disturbed), ("hang", .hang),
      ("reset", .reset),
    ]
    if let word = words.take("vanish") {
      guard let moment = TransferFault.Vanishing(rawValue: word) else {
        throw FaultSyntaxError("vanish=\(word) is not before, during or after")
      }
      self = .vanish(moment, returnsAfter: back)
    } else if let action = plain.first(where: { words.take($0.0) != nil })?.1 {
      self = action
    } else if let duration = try words.milliseconds("delay") {
      self = .delay(duration)
    } else if let word = words.take("short") {
      guard let count = Int(word), count >= 0 else {
        throw FaultSyntaxError("short=\(word) is no count")
      }
      self = .short(count)
    } else {
      throw FaultSyntaxError(
        "a transfer fault is vanish, stall, short, babble, disturbed, hang, reset or delay")
    }
  }
}
