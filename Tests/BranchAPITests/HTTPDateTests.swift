import Foundation
import Testing

@testable import BranchAPI

@Suite("The date of an answer")
struct HTTPDateTests {
  @Test("It is the standard's example, and what the C library says on every 97th day")
  func dates() {
    #expect(HTTPDate.text(at: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(HTTPDate.text(at: -1) == "Thu, 01 Jan 1970 00:00:00 GMT")
    for seconds in stride(from: 0, to: 6_000_000_000, by: 97 * 86_400 + 3_661) {
      var time = time_t(seconds)
      var parts = tm()
      gmtime_r(&time, &parts)
      var buffer = [CChar](repeating: 0, count: 32)
      let count = strftime(&buffer, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
      let expected = String(
        decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
      #expect(HTTPDate.text(at: seconds) == expected)
    }
  }
}
