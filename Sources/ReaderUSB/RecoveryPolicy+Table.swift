import Reader

extension RecoveryPolicy {
  /// What the table of known readers says about one that is attached. Only a reader that a reset does
  /// no harm is touched by its port: where a hub does not really cut the power, switching a port
  /// off and on is a reset too. The chip behind a serial adapter would gain nothing by it.
  public init(_ attached: AttachedReader, on bus: USBBus = USBBus()) {
    let quirks = attached.reader.quirks
    let isDrivable = attached.reader.isDrivable
    self.init(
      drainsLateAnswers: isDrivable && quirks.contains(.lateAnswers),
      leavesPowered: isDrivable && quirks.contains(.leavePowered),
      portActions: isDrivable && quirks.contains(.mayReset)
        ? PortAction.actions(for: attached, on: bus) : [])
  }
}

extension PortAction {
  /// A reset takes the kernel less than a second, as a rule.
  private static let resetTime = Duration.seconds(2)

  /// None of them is done to a reader that somebody else has: that is why it does not answer.
  fileprivate static func actions(for attached: AttachedReader, on bus: USBBus) -> [PortAction] {
    let port = attached.device.port
    var actions = [
      PortAction(.reset, duration: resetTime) {
        bus.isFree(port) && (try? PortReset.perform(at: port, bus: bus)) != nil
      }
    ]
    if let power = PortPower(at: port, bus: bus) {
      actions.append(
        PortAction(.powerCycle, duration: PortPower.cycleTime) {
          bus.isFree(port) && power.cycle()
        })
    }
    return actions
  }
}

extension USBBus {
  /// Whether nobody has the reader in this port, neither a program nor a driver of the kernel.
  fileprivate func isFree(_ port: USBPort) -> Bool {
    guard let reader = readers().first(where: { $0.device.port == port }) else { return false }
    return obstacle(to: reader) == nil
  }
}
