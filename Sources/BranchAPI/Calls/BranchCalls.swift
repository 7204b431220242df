import Appliance
import SmartOTP

/// What the API's routes do.
struct BranchCalls: Sendable {
  let control: any ApplianceControl
  let showsCode: Bool
  let hub: EventHub
  let keys: IdempotencyKeys
  let figures: BranchFigures
  /// Of each listener.
  let connections: [Connections]
  let examination = OneAtATime()
  let heartbeatSeconds: Int64
  let writeSeconds: Int64
}
