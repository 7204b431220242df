import Foundation
import SmartOTP
import Testing

@testable import CenterServer

@Suite("The API's description")
struct DescriptionTests {
  private static let text = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)

  @Test("It has every route of the code, and no other")
  func routes() {
    let described = Set(Self.operations(in: Self.text))
    let coded = Set(CenterAPI.routes.map { "\($0.method.rawValue) \($0.path)" })
    #expect(described == coded)
    #expect(coded.count == CenterAPI.routes.count)
  }

  @Test("It has every refusal code, and no other")
  func refusals() {
    let lines = Self.text.split(separator: "\n")
    let listed = lines.drop { $0 != "    RefusalCode:" }.dropFirst(3)
      .prefix { $0.hasPrefix("        - ") }.map { String($0.dropFirst(10)) }
    #expect(listed == RefusalCode.allCases.map(\.rawValue))
  }

  @Test("The server gives it out")
  func served() async throws {
    try await TestCentre.run { centre in
      let reply = try await centre.with(nil) { try await $0.get("/v1/openapi.yaml") }
      #expect(reply.headers["content-type"] == ["application/yaml"])
      #expect(reply.body == PackageResources.openapi_yaml)
    }
  }

  /// `POST /v1/devices`, read from the indentation of the file.
  private static func operations(in text: String) -> [String] {
    var operations: [String] = []
    var path = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("  /"), line.hasSuffix(":") {
        path = String(line.dropFirst(2).dropLast())
      } else if ["    get:", "    post:", "    put:", "    delete:"].contains(String(line)) {
        operations.append("\(line.dropFirst(4).dropLast().uppercased()) \(path)")
      } else if line == "components:" {
        break
      }
    }
    return operations
  }
}
