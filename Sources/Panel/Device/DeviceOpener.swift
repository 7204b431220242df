import Glibc

/// Opens a device node, as open(2) does: a descriptor, or -1 with errno. Tests put their end of a
/// socket or a pseudo-terminal in its place.
typealias DeviceOpener = @Sendable (_ path: String, _ flags: Int32) -> Int32

let systemOpener: DeviceOpener = { path, flags in open(path, flags) }
