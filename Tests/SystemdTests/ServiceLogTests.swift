import Glibc
import Logging
import Testing

@testable import Systemd

@Suite("The service's log")
struct ServiceLogTests {
  /// A log whose standard error is a pipe, which stands for the journal's stream where asked.
  private final class Setting {
    let journal: ListeningSocket
    let log: ServiceLog
    private var ends: [Int32] = [-1, -1]

    init(isJournal: Bool, socket: String? = nil) throws {
      journal = try ListeningSocket()
      try #require(pipe(&ends) == 0)
      var status = stat()
      fstat(ends[1], &status)
      let environment =
        isJournal ? ["JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)"] : [:]
      log = ServiceLog(
        identifier: "smartotpd", environment: environment.lookup,
        journalSocket: socket ?? journal.path, standardError: ends[1])
    }

    deinit { for end in ends { close(end) } }

    func logger() -> Logger { Logger(label: "appliance") { self.log.handler(label: $0) } }

    /// What stands on standard error.
    func lines() -> String {
      var event = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, 0) == 1 else { return "" }
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(ends[0], &bytes, bytes.count)
      return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Fills the pipe, so that nobody could write a line.
    func block() {
      let flags = fcntl(ends[1], F_GETFL)
      _ = fcntl(ends[1], F_SETFL, flags | O_NONBLOCK)
      defer { _ = fcntl(ends[1], F_SETFL, flags) }
      let bytes = [UInt8](repeating: 0x78, count: 4096)
      while write(ends[1], bytes, bytes.count) > 0 {}
    }
  }

  @Test("A record reaches the journal with all its fields")
  func record() throws {
    let setting = try Setting(isJournal: true)
    let logger = setting.logger()
    logger.warning("the reader is gone", metadata: ["card-id": "K01:1", "n": "3"], line: 7)
    let record = try DecodedRecord(try #require(setting.journal.receive()))
    #expect(
      record.fields.map { "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))" } == [
        "MESSAGE=the reader is gone", "PRIORITY=4", "SYSLOG_IDENTIFIER=smartotpd",
        "CODE_FILE=SystemdTests/ServiceLogTests.swift", "CODE_LINE=7", "CODE_FUNC=record()",
        "SMARTOTP_LOGGER=appliance", "SMARTOTP_CARD_ID=K01:1", "SMARTOTP_N=3",
      ])
    #expect(setting.lines() == "")
  }

  @Test(
    "Each level has its priority",
    arguments: zip(Logger.Level.allCases, ["7", "7", "6", "5", "4", "3", "2"]))
  func priorities(level: Logger.Level, priority: String) throws {
    let setting = try Setting(isJournal: true)
    var logger = setting.logger()
    logger.logLevel = .trace
    logger.log(level: level, "x")
    #expect(try DecodedRecord(setting.journal.receive() ?? [])["PRIORITY"] == priority)
  }

  @Test("A message of several lines cannot forge a field")
  func lineFeeds() throws {
    let setting = try Setting(isJournal: true)
    setting.logger().error("one\nPRIORITY=7\n", metadata: ["a\nb=c": "x\ny"])
    let record = try DecodedRecord(try #require(setting.journal.receive()))
    #expect(record["MESSAGE"] == "one\nPRIORITY=7\n")
    #expect(record.fields.filter { $0.name == "PRIORITY" }.count == 1)
    #expect(record["PRIORITY"] == "3")
    #expect(record["SMARTOTP_A_B_C"] == "x\ny")
  }

  @Test("A huge record is cut, and characters stay whole")
  func hugeRecord() throws {
    let setting = try Setting(isJournal: true)
    var metadata: Logger.Metadata = [:]
    for index in 0..<100 { metadata["key\(index)"] = .string(String(repeating: "한", count: 9000)) }
    setting.logger().info(
      .init(stringLiteral: String(repeating: "한", count: 9000)), metadata: metadata)
    let bytes = try #require(setting.journal.receive())
    #expect(bytes.count <= JournalRecord.maximumByteCount)
    let record = try DecodedRecord(bytes)
    let message = try #require(record.fields.first?.value)
    #expect(String(validating: message, as: UTF8.self) == String(repeating: "한", count: 2730))
  }

  @Test("Names of any length and any letters become names of the journal's")
  func names() {
    #expect(JournalRecord.name("card-id", prefix: "SMARTOTP_") == "SMARTOTP_CARD_ID")
    #expect(JournalRecord.name("é", prefix: "SMARTOTP_") == "SMARTOTP___")
    let long = JournalRecord.name(String(repeating: "a", count: 100), prefix: "SMARTOTP_")
    #expect(long.utf8.count == 64)
  }

  @Test("A journal that takes nothing costs no time; the next record says how many were lost")
  func fullJournal() throws {
    let setting = try Setting(isJournal: true)
    let logger = setting.logger()
    var received = 0
    for _ in 0..<2000 { logger.info("x") }
    let lost = setting.log.droppedCount
    #expect(lost > 0)
    while setting.journal.receive() != nil { received += 1 }
    #expect(received + lost == 2000)
    logger.info("again")
    let record = try DecodedRecord(try #require(setting.journal.receive()))
    #expect(record["SMARTOTP_DROPPED"] == "\(lost)")
    #expect(setting.log.droppedCount == 0)
  }

  @Test("Where standard error is not the journal, a record is one line there")
  func line() throws {
    let setting = try Setting(isJournal: false)
    setting.logger().warning("the reader\nis gone \u{1B}[2J", metadata: ["b": "2", "a": "1"])
    #expect(setting.lines() == "warning: the reader is gone  [2J a=1 b=2\n")
    #expect(setting.journal.receive() == nil)
  }

  @Test("Where the journal reads standard error but has no socket, lines carry their priority")
  func linesWithPriority() throws {
    let setting = try Setting(isJournal: true, socket: "/nonexistent/socket")
    setting.logger().critical("x")
    #expect(setting.lines() == "<2>x\n")
  }

  @Test("A JOURNAL_STREAM of another file means nothing", arguments: ["1:2", "x", "1", ""])
  func otherStream(text: String) {
    #expect(!JournalStream.carries(STDERR_FILENO, environment: ["JOURNAL_STREAM": text].lookup))
  }

  @Test("A line is never longer than a pipe takes at once")
  func longLine() throws {
    let setting = try Setting(isJournal: false)
    setting.logger().info(.init(stringLiteral: String(repeating: "한", count: 9000)))
    let line = setting.lines()
    #expect(line.utf8.count <= 4096)
    #expect(line.hasSuffix("한\n"))
  }

  @Test(
    "Standard error that nobody reads costs no time; lines are counted", .timeLimit(.minutes(1)))
  func blockedStandardError() throws {
    let setting = try Setting(isJournal: false)
    setting.block()
    for _ in 0..<3 { setting.logger().info("x") }
    #expect(setting.log.droppedCount == 3)
    _ = setting.lines()
    setting.logger().info("again")
    #expect(setting.lines().hasSuffix("info: again dropped=3\n"))
  }

  @Test("What a record carries outranks what its logger carries")
  func metadataOrder() throws {
    let setting = try Setting(isJournal: true)
    var logger = setting.logger()
    logger[metadataKey: "a"] = "logger"
    logger[metadataKey: "b"] = "logger"
    logger.info("x", metadata: ["a": "record"])
    let record = try DecodedRecord(try #require(setting.journal.receive()))
    #expect(record["SMARTOTP_A"] == "record")
    #expect(record["SMARTOTP_B"] == "logger")
  }
}
