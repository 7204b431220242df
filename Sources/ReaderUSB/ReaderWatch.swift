import CUSB
import Glibc
import Synchronization
import Threads

/// What happens to readers on the bus.
public enum ReaderChange: Hashable, Sendable {
  case attached(AttachedReader)
  /// It got, lost or changed its name or its driver.
  case changed(AttachedReader)
  case detached(AttachedReader)
}

extension ReaderChange {
  /// What leads from one look at the bus to the next. A reader that came back with another number
  /// left in between.
  static func between(_ before: [AttachedReader], _ now: [AttachedReader]) -> [ReaderChange] {
    func same(_ one: AttachedReader, _ other: AttachedReader) -> Bool {
      one.device.port == other.device.port && one.device.identifier == other.device.identifier
        && one.device.deviceNumber == other.device.deviceNumber
    }
    let gone = before.filter { old in !now.contains { same($0, old) } }.map(ReaderChange.detached)
    let rest = now.compactMap { reader -> ReaderChange? in
      guard let old = before.first(where: { same($0, reader) }) else { return .attached(reader) }
      let isAsBefore =
        old.connstring == reader.connstring && old.kernelDriver == reader.kernelDriver
      return isAsBefore ? nil : .changed(reader)
    }
    return gone + rest
  }
}

/// Watches readers come and go. libusb says when to look (after udev has done its work), sysfs what is
/// there; where libusb hears nothing, a look every two seconds has to do.
public struct ReaderWatch: Sendable {
  private let bus: USBBus
  private let interval: Int

  /// - Parameter interval: between looks that nothing asked for, in milliseconds.
  public init(bus: USBBus = USBBus(), interval: Int = 2000) {
    self.bus = bus
    self.interval = max(1, interval)
  }

  /// Changes from what is attached now on, until the consumer stops. `.attached` for each reader that
  /// is there already comes first.
  public func changes() -> AsyncStream<ReaderChange> {
    AsyncStream(bufferingPolicy: .bufferingNewest(256)) { continuation in
      let stop = StopFlag()
      continuation.onTermination = { _ in stop.raise() }
      DetachedThread.run { watch(until: stop) { continuation.yield($0) } }
    }
  }

  /// How long libusb is listened to before the flag is looked at.
  private static let attention = 250

  private func watch(until stop: StopFlag, report: (ReaderChange) -> Void) {
    let hotplug = Hotplug()
    var known: [AttachedReader] = []
    while !stop.isRaised {
      let now = bus.readers()
      ReaderChange.between(known, now).forEach(report)
      known = now
      var waited = 0
      while !stop.isRaised, waited < interval {
        let pause = min(Self.attention, interval - waited)
        if hotplug.happened(withinMilliseconds: pause) { break }
        waited += pause
      }
    }
  }
}

/// libusb's hotplug events, for the thread that made it.
private final class Hotplug {
  private let context: USBContext?
  private var handle: Int32 = 0
  private var somethingHappened = false

  init() {
    context = try? USBContext()
    guard let context else { return }
    let events: [libusb_hotplug_event] = [
      LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED, LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
    ]
    libusb_hotplug_register_callback(
      context.pointer, events.reduce(0) { $0 | Int32(bitPattern: $1.rawValue) }, 0,
      LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
      { _, _, _, hotplug in
        if let hotplug {
          Unmanaged<Hotplug>.fromOpaque(hotplug).takeUnretainedValue().somethingHappened = true
        }
        return 0
      }, Unmanaged.passUnretained(self).toOpaque(), &handle)
  }

  deinit {
    if let context { libusb_hotplug_deregister_callback(context.pointer, handle) }
  }

  func happened(withinMilliseconds time: Int) -> Bool {
    guard let context else {
      poll(nil, 0, Int32(time))
      return false
    }
    context.handleEvents(microseconds: time * 1000)
    defer { somethingHappened = false }
    return somethingHappened
  }
}

private final class StopFlag: Sendable {
  private let flag = Atomic(false)
  func raise() { flag.store(true, ordering: .relaxed) }
  var isRaised: Bool { flag.load(ordering: .relaxed) }
}
