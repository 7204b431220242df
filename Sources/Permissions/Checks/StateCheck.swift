import Appliance
import DeviceIdentity
import ReaderUSB

/// Who this device is, and who else can read or write its state.
enum StateCheck {
  static func report(
    of path: String, hardware: Hardware, on system: SystemView
  ) -> PermissionReport {
    let exposures = exposures(of: path, on: system)
    do throws(DeviceIdentityError) {
      _ = try DeviceState(
        loading: StateDirectory(system.files.root + path), on: hardware)
      return exposures
    } catch {
      // Which file is open to others, all of them, was said already.
      if case .exposed = error, !exposures.impediments.isEmpty { return exposures }
      let impediment = Impediment(
        error, state: path, root: system.files.root,
        user: system.users.name(of: system.credentials.user))
      return exposures + PermissionReport(impediments: [impediment])
    }
  }

  /// Each file and folder by itself, so that one command after another mends all of it.
  private static func exposures(of path: String, on system: SystemView) -> PermissionReport {
    guard let folder = system.files.status(path) else { return .clean }
    let place = Place(system: system, owner: folder.user)
    var reports = [place.folder(path, folder)]
    reports += ancestors(of: system.files.resolved(path) ?? path).map { ancestor in
      system.files.status(ancestor).map { place.ancestor(ancestor, $0) } ?? .clean
    }
    reports += system.files.names(path).prefix(maximumFileCount).map { name in
      place.file("\(path)/\(name)")
    }
    return .joined(reports)
  }

  /// A device has some files and a few for each of its 64 cards.
  private static let maximumFileCount = 512

  private static func ancestors(of path: String) -> [String] {
    let parts = path.split(separator: "/")
    return (1..<max(1, parts.count)).map { "/" + parts.prefix($0).joined(separator: "/") }
  }
}

/// The state directory on its system.
private struct Place {
  let system: SystemView
  /// Of the state directory.
  let owner: UInt32

  func folder(_ path: String, _ status: FileStatus) -> PermissionReport {
    if status.mode & 0o022 != 0 {
      return exposed(path, status, fix: "sudo chmod go-w \(ShellWord.quoted(path))")
    }
    let own = system.credentials.user
    guard own != 0, owner != own, owner != 0 else { return .clean }
    return exposed(
      path, status, fix: "sudo chown -R \(user(own)): \(ShellWord.quoted(path))")
  }

  /// Who may write here may put another folder in the state directory's place; not where the sticky
  /// bit keeps everybody to what is theirs. A group with its owner's number is the owner's alone.
  func ancestor(_ path: String, _ status: FileStatus) -> PermissionReport {
    let others: UInt32 = status.group == status.user ? 0o002 : 0o022
    guard status.mode & others != 0, status.mode & 0o1000 == 0 else { return .clean }
    return exposed(path, status, fix: "sudo chmod go-w \(ShellWord.quoted(path))")
  }

  func file(_ path: String) -> PermissionReport {
    if system.files.link(path) != nil {
      return .restricted(
        .stateExposed, "\(DisplayText.safe(path)) is a link to another file",
        fix: "sudo rm \(ShellWord.quoted(path)), and register this device again")
    }
    guard let status = system.files.status(path), !status.isFolder else { return .clean }
    if status.mode & 0o077 != 0 {
      return exposed(
        path, status,
        fix: "sudo chmod 600 \(ShellWord.quoted(path)), and register this device again if"
          + " somebody may have read it")
    }
    // With permission bits that keep others out, the owner still gets in.
    guard status.user != owner, status.user != 0, status.user != system.credentials.user else {
      return .clean
    }
    return exposed(
      path, status, fix: "sudo chown \(user(owner)): \(ShellWord.quoted(path))")
  }

  private func exposed(_ path: String, _ status: FileStatus, fix: String) -> PermissionReport {
    .restricted(
      .stateExposed,
      "\(system.description(of: path, status)) (mode \(String(status.mode, radix: 8)))", fix: fix)
  }

  private func user(_ number: UInt32) -> String { ShellWord.quoted(system.users.name(of: number)) }
}
