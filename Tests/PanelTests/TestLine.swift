import Glibc
import Testing

/// A pseudo-terminal: the driver opens `path`, the test has the other end.
final class TestLine {
  private(set) var master: Int32
  private let slave: Int32
  let path: String

  init(columns: Int = 80, rows: Int = 24) throws {
    var master: Int32 = -1
    var slave: Int32 = -1
    try #require(openpty(&master, &slave, nil, nil, nil) == 0)
    self.master = master
    self.slave = slave
    var name = [CChar](repeating: 0, count: 128)
    try #require(ttyname_r(slave, &name, name.count) == 0)
    path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    var settings = termios()
    tcgetattr(slave, &settings)
    cfmakeraw(&settings)
    tcsetattr(slave, TCSANOW, &settings)
    resize(columns: columns, rows: rows)
  }

  deinit {
    if master >= 0 { close(master) }
    close(slave)
  }

  func resize(columns: Int, rows: Int) {
    var size = winsize()
    size.ws_col = UInt16(columns)
    size.ws_row = UInt16(rows)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  var settings: termios {
    var settings = termios()
    tcgetattr(slave, &settings)
    return settings
  }

  /// All that has been written to the line. The kernel hands it over in its own time, so a mark that
  /// is written after it is waited for.
  func received() -> [UInt8] {
    let mark: UInt8 = 0x01
    var byte = mark
    #expect(write(slave, &byte, 1) == 1)
    var bytes: [UInt8] = []
    while bytes.last != mark {
      var event = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, 10_000) == 1 else {
        Issue.record("the line is silent")
        break
      }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = read(master, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return bytes.dropLast()
  }

  /// As an adapter that is pulled out.
  func hangUp() {
    close(master)
    master = -1
  }

  /// Lets the line take about `room` bytes more before it stands still; they lie behind others.
  func fill(leaving room: Int) {
    let writer = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    let junk = [UInt8](repeating: 0x78, count: 256)
    while write(writer, junk, junk.count) > 0 {}
    close(writer)
    var bytes = [UInt8](repeating: 0, count: room)
    var left = room
    while left > 0 {
      let count = read(master, &bytes, left)
      guard count > 0 else { break }
      left -= count
    }
  }

  func stopOutput() { tcflow(slave, TCOOFF) }

  func resumeOutput() { tcflow(slave, TCOON) }
}
