import Testing

@testable import DeviceIdentity

@Suite("A state record")
struct StateRecordTests {
  @Test("Values come back as they were put in, on one line each")
  func roundTrip() {
    var record = StateRecord()
    record["name"] = "지점 7 counter"
    record["empty"] = ""
    record["lines"] = "one\nend\r\ntwo"
    let read = StateRecord(record.bytes)
    #expect(read?["name"] == "지점 7 counter")
    #expect(read?["empty"] == "")
    #expect(read?["lines"] == "one end  two")
  }

  @Test("No part of a record is one, and no other bytes are")
  func parts() {
    var record = StateRecord()
    record["id"] = "x"
    record["name"] = "y"
    let bytes = record.bytes
    for count in 0..<bytes.count { #expect(StateRecord(Array(bytes.prefix(count))) == nil) }
    #expect(StateRecord([0xFF, 0x0A] + bytes) == nil)
    #expect(StateRecord(Array("name\nend\n".utf8)) == nil)
    #expect(StateRecord(Array(String(repeating: "a b\n", count: 65).utf8) + bytes) == nil)
  }
}
