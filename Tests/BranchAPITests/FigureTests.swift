import Appliance
import Foundation
import Testing
import branch_fixture

@testable import BranchAPI

@Suite("Figures of the appliance")
struct FigureTests {
  @Test("Every counter and condition has its figure, and all is in Prometheus' form")
  func metrics() async throws {
    try await TestBranch.run { branch in
      branch.appliance.become(.presenting)
      let text = try await TestClient.with(branch, .loopback) { client in
        _ = try await client.get("/nothing")
        return try await client.get("/metrics").text
      }
      for line in [
        "smartotpd_info{version=\"0.1.0\"} 1", "smartotpd_uptime_seconds 93784",
        "smartotpd_phase{phase=\"presenting\"} 1", "smartotpd_phase{phase=\"idle\"} 0",
        "smartotpd_reader_up 1", "smartotpd_center_up 1", "smartotpd_card_present 0",
        "smartotpd_certificate_expires_timestamp_seconds 1858600000",
        "smartotpd_display_up{display=\"lcd\"} 0", "smartotpd_taps_total 12",
        "smartotpd_codes_shown_total 5", "smartotpd_transactions_total{step=\"claimed\"} 0",
        "smartotpd_branch_requests_total{method=\"\",route=\"none\",status=\"404\"} 1",
      ] {
        #expect(text.contains("\n\(line)\n"), "\(line)")
      }
      try Self.check(text)
    }
  }

  @Test("A name with quotes, backslashes and line feeds stays one label")
  func escaping() throws {
    var text = PrometheusText()
    text.describe("a", "gauge", "A figure.")
    text.sample("a", ["name": "a \"b\"\\\n"], "1")
    #expect(text.text.hasSuffix("a{name=\"a \\\"b\\\"\\\\\\n\"} 1\n"))
    try Self.check(text.text)
  }

  /// Each family is described once, before its samples, which are all together.
  private static func check(_ text: String) throws {
    let sample = try Regex(#"([a-z_]+)(\{([a-z]+="([^"\\]|\\.)*",?)*\})? -?[0-9][0-9.e+-]*"#)
    var described: [String] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("#") {
        let words = line.split(separator: " ")
        if words[1] == "TYPE" { described.append(String(words[2])) }
        continue
      }
      let match = try #require(try sample.wholeMatch(in: String(line)), "\(line)")
      #expect(match.output[1].substring.map(String.init) == described.last)
    }
    #expect(Set(described).count == described.count)
  }
}
