import SmartOTP
import Testing

@testable import CenterServer

@Suite("Finding a route")
struct RouteTableTests {
  private let table = RouteTable(CenterAPI.routes)

  @Test("Every route is found by its own address, with its parameters")
  func everyRoute() {
    for (index, route) in CenterAPI.routes.enumerated() {
      guard case .route(let found, let parameters) = table.match(route.method, route.path[...])
      else {
        Issue.record("\(route.path) is not found")
        continue
      }
      #expect(found == index)
      if route.path.contains("{serial}") { #expect(parameters["serial"] == "{serial}") }
    }
  }

  @Test(
    "Other addresses are not there",
    arguments: [
      "", "/", "v1", "/v1", "/v1/", "/v1/devices/", "//v1/devices", "/v1/devices/a/b",
      "/v1/devices/%zz", "/v1/devices/%ff", "/V1/devices", "/v1/cards/K01",
      String(repeating: "/", count: 10_000),
    ])
  func others(path: String) {
    if case .route = table.match(.get, path[...]) { Issue.record("\(path) was found") }
  }

  @Test("Escapes in a segment are decoded, and cannot make another segment")
  func escapes() throws {
    guard case .route(_, let parameters) = table.match(.get, "/v1/cards/K%30%31/12%2F34") else {
      throw Refusal(.notFound)
    }
    #expect(parameters["vendor"] == "K01" && parameters["serial"] == "12/34")
    #expect(throws: Refusal(.cardUnknown)) { try parameters.card() }
  }
}
