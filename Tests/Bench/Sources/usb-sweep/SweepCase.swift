import USBBench

/// One run of the sweep: what goes wrong in it, and with which transfer.
struct SweepCase: Sendable {
  enum Damage: String, Sendable, CaseIterable {
    case vanishedBefore = "vanished-before"
    case vanishedDuring = "vanished-during"
    case vanishedAfter = "vanished-after"
    case stalled, short, babbled, disturbed, hung, late
    case busReset = "bus-reset"

    var action: TransferFault.Action {
      switch self {
      case .vanishedBefore: .vanish(.before, returnsAfter: nil)
      case .vanishedDuring: .vanish(.during, returnsAfter: nil)
      case .vanishedAfter: .vanish(.after, returnsAfter: nil)
      case .stalled: .stall
      case .short: .short(3)
      case .babbled: .babble
      case .disturbed: .disturbed
      case .hung: .hang
      case .late: .delay(.milliseconds(400))
      case .busReset: .reset
      }
    }
  }

  let damage: Damage
  let transfer: Int

  var fault: TransferFault { TransferFault(damage.action, index: transfer) }
}
