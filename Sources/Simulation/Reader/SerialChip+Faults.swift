extension SerialChip {
  mutating func arm(_ fault: Fault) {
    let (index, repeats) = (fault.index, fault.repeats)
    switch fault.site {
    case .line(let direction, let kind, let byte, let action):
      lineFaults.arm(
        LineSite(direction: direction, kind: kind, byte: byte, fault: action), index: index,
        repeats: repeats)
    case .chip(let code, let action):
      chipFaults.arm(ChipSite(code: code, fault: action), index: index, repeats: repeats)
    case .card(let action):
      chip.arm(action, index: index, repeats: repeats)
    }
  }

  mutating func disarm() {
    lineFaults.disarm()
    chipFaults.disarm()
    chip.disarmCardFaults()
  }

  var faultsFired: Int { lineFaults.fired + chipFaults.fired + chip.cardFaultsFired }
}
