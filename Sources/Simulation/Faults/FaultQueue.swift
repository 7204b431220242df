/// The armed faults of one kind of site, each with its own count.
public struct FaultQueue<Site: Sendable>: Sendable {
  private struct Entry {
    var site: Site
    var index: Int
    var repeats: Bool
    var seen = 0
    var isSpent = false
  }

  private var entries: [Entry] = []
  public private(set) var fired = 0

  public init() {}

  public mutating func arm(_ site: Site, index: Int, repeats: Bool) {
    entries.append(Entry(site: site, index: index, repeats: repeats))
  }

  public mutating func disarm() { entries = [] }

  /// Counts an event for every fault it concerns; returns those that happen now, oldest first.
  public mutating func happening(_ concerns: (Site) -> Bool) -> [Site] {
    var now: [Site] = []
    for index in entries.indices where concerns(entries[index].site) {
      defer { entries[index].seen += 1 }
      let entry = entries[index]
      guard entry.repeats ? entry.seen >= entry.index : entry.seen == entry.index else { continue }
      now.append(entry.site)
      entries[index].isSpent = !entry.repeats
    }
    entries.removeAll(where: \.isSpent)
    fired += now.count
    return now
  }
}
