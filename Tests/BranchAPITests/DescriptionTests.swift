import Appliance
import Testing

@testable import BranchAPI

@Suite("The branch API's description")
struct DescriptionTests {
  private static let text = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)

  @Test("It has every route of the code, and no other")
  func routes() {
    let described = Set(Self.operations(in: Self.text))
    let coded = Set(BranchCalls.routes.map { "\($0.method.rawValue) \($0.path)" })
    #expect(described == coded)
    #expect(coded.count == BranchCalls.routes.count)
  }

  @Test("It has every problem code, phase and notice, and no other")
  func words() {
    #expect(Self.list(under: "ProblemCode") == ProblemCode.allCases.map(\.rawValue))
    #expect(Self.list(under: "Phase") == ApplianceStatus.Phase.allCases.map(\.rawValue))
    let notices: [Notice] =
      CardTrouble.allCases.map(Notice.card) + CenterTrouble.allCases.map(Notice.center)
      + [.nothingPending, .timedOut, .cancelled, .closed, .readerLost]
    #expect(Self.list(under: "NoticeKey") == notices.map(\.key))
    #expect(
      Self.list(under: "EventKind") == ApplianceEvent.Kind.allCases.map(\.rawValue) + ["reset"])
    #expect(Self.list(under: "Restriction") == Restriction.allCases.map(\.rawValue))
  }

  @Test("The server gives it out")
  func served() async throws {
    try await TestBranch.run { branch in
      let reply = try await TestClient.with(branch, .loopback, token: nil) {
        try await $0.get("/openapi.yaml")
      }
      #expect(reply.headers["content-type"] == ["application/yaml"])
      #expect(reply.body == PackageResources.openapi_yaml)
    }
  }

  /// The enumeration of a schema, read from the indentation of the file.
  private static func list(under schema: String) -> [String] {
    text.split(separator: "\n").drop { $0 != "    \(schema):" }.dropFirst()
      .drop { $0 != "      enum:" }.dropFirst()
      .prefix { $0.hasPrefix("        - ") }.map { String($0.dropFirst(10)) }
  }

  /// `POST /v1/transactions`, read likewise.
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
