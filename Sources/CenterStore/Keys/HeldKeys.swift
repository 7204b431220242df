import Synchronization

/// The key ring that the store's calls use, which a rotation exchanges.
final class HeldKeys: Sendable {
  private let held: Mutex<KeyRing>

  init(_ ring: KeyRing) { held = Mutex(ring) }

  var ring: KeyRing { held.withLock { $0 } }

  func exchange(for ring: KeyRing) { held.withLock { $0 = ring } }
}
