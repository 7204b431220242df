import Foundation
import ReaderUSB
import Testing

@testable import Diagnosis

/// What Hardware/ says is what the program does.
@Suite("Pages for people")
struct DocumentationTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Hardware")

  private func lines(_ page: String) throws -> [String] {
    try String(contentsOf: Self.folder.appending(path: page), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func headings(_ page: String) throws -> [String] {
    try lines(page).filter { $0.hasPrefix("#") }.map {
      $0.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
    }
  }

  @Test("Every check has its entry, with something in it, and there is no entry without a check")
  func entries() throws {
    let page = try lines("troubleshooting.md")
    let entries = page.filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
    #expect(entries == Check.all.map(\.id))
    for (index, line) in page.enumerated() where line.hasPrefix("### ") {
      #expect(page[index + 1].count > 20, "\(line)")
    }
  }

  @Test(
    "Every link leads somewhere",
    arguments: ["troubleshooting.md", "readers.md", "raspberry-pi.md"])
  func links(page: String) throws {
    let text = try lines(page).joined(separator: "\n")
    for part in text.split(separator: "](").dropFirst() {
      let link = part.prefix { $0 != ")" }.split(
        separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let target = link[0].isEmpty ? page : String(link[0])
      #expect(FileManager.default.fileExists(atPath: Self.folder.appending(path: target).path))
      if link.count > 1 { #expect(try headings(target).contains(String(link[1])), "\(link)") }
    }
    for check in Check.all { #expect(check.help == "Hardware/troubleshooting.md#\(check.id)") }
  }

  @Test("The page of readers is the table")
  func readers() throws {
    let page = try lines("readers.md").map { $0.split(separator: "|").map(\.trimmed) }
    for reader in KnownReader.all {
      let row = try #require(
        page.first { $0.first.map(String.init) == "\(reader.identifier)" },
        "\(reader.identifier) is missing")
      #expect(row[1] == reader.name)
      let driver: String
      switch reader.access {
      case .libnfc(let name): driver = name
      case .serialBridge: driver = "pn532_uart"
      case .none(let use):
        #expect(row[2] == use)
        continue
      }
      #expect(["no", "simulated, USB"].contains(String(row.last ?? "")))
      #expect(row[2] == reader.chip.rawValue)
      #expect(row[3] == driver)
      #expect(row[4] == (reader.kernelDriver ?? "–"))
      #expect(row[5] == (reader.quirks.isEmpty ? "–" : reader.quirks.names.joined(separator: ", ")))
    }
    let numbers = page.compactMap(\.first).filter { $0.count == 9 && $0.dropFirst(4).first == ":" }
    #expect(numbers.count == KnownReader.all.count)
    for quirk in ReaderQuirks.explanations {
      #expect(page.contains { $0.first.map(String.init) == quirk.name && $0[1] == quirk.meaning })
    }
  }
}
