/// One opening of a device's node.
struct OpenFile {
  /// Opened without the right to write: usbdevfs then allows nothing.
  var isReadOnly: Bool
  /// The device it was opened for is still there.
  var isConnected = true
  var claimed: Set<UInt8> = []
  var completed: [CompletedTransfer] = []
  /// A reap that waits for something to complete.
  var reaping: Reaping?

  struct Reaping {
    /// When it is answered with nothing; nil waits for ever.
    var until: Duration?
  }
}

/// A transfer under way.
struct Transfer {
  let file: DevicePort.FileID
  let submission: Submission
  /// It answers its own request; others are reaped.
  let isSynchronous: Bool
  /// When a synchronous one is given up.
  let deadline: Duration?
  let submitted: Duration
  /// Its number among the device's transfers.
  let index: Int
  var fate = Fate.ordinary

  enum Fate: Equatable {
    case ordinary
    /// Nothing is carried out.
    case failing(Int32)
    case hanging
    case later(Duration)
    case short(Int)
    case babbling
    /// It is carried out, and then the device is gone.
    case vanishing(returnsAfter: Duration?)
  }

  /// What has come of it.
  enum Progress {
    case pending
    case done(status: Int32, count: Int = 0, bytes: [UInt8] = [])
    case vanished(returnsAfter: Duration?)
  }

  var pipe: TransferFault.Pipe {
    if submission.kind == .control { return .control }
    return submission.endpoint & 0x80 != 0 ? .input : .output
  }
}
