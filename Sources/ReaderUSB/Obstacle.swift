/// What keeps a program from a reader that is on the bus, as far as can be seen without opening it.
public enum Obstacle: Hashable, Sendable {
  /// No device goes by that name.
  case notThere
  /// The device's node is missing, or this user may not use it.
  case permission(node: String)
  case kernelDriver(String)
  case process(RunningProcess)
  /// A program that this user cannot see has claimed it.
  case claimed(node: String)
}

extension USBBus {
  /// What keeps libnfc from opening `connstring`; nil when that is not a USB reader's, or nothing is
  /// seen.
  public func obstacle(
    to connstring: String, credentials: Credentials = .current()
  ) -> Obstacle? {
    let parts = connstring.split(separator: ":")
    guard let driver = parts.first else { return nil }
    let candidates = readers().filter { $0.reader.access == .libnfc(driver: String(driver)) }
    guard KnownReader.all.contains(where: { $0.access == .libnfc(driver: String(driver)) }) else {
      return nil
    }
    guard
      let reader = parts.count == 1
        ? candidates.first : candidates.first(where: { $0.connstring == connstring })
    else { return .notThere }
    return obstacle(to: reader, credentials: credentials)
  }

  /// What keeps a program from this reader; nil when nothing is seen.
  public func obstacle(
    to reader: AttachedReader, credentials: Credentials = .current()
  ) -> Obstacle? {
    let node = reader.device.node
    guard files.status(node)?.allowsUse(by: credentials) ?? false else {
      return .permission(node: node)
    }
    if let driver = reader.kernelDriver { return .kernelDriver(driver) }
    if let process = ProcessTable(files: files).holders(of: node).first { return .process(process) }
    return reader.isClaimed ? .claimed(node: node) : nil
  }
}
