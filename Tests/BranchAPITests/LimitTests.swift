import Foundation
import Testing

@testable import BranchAPI

@Suite("Limits of the branch API", .timeLimit(.minutes(2)))
struct LimitTests {
  @Test(
    "A request that is no HTTP, or whose header is too large, is answered and closed",
    arguments: [
      ("nonsense\r\n\r\n", "400", "malformed-request"),
      (
        "GET / HTTP/1.1\r\nHost: a\r\nX-Long: \(String(repeating: "x", count: 5_000))\r\n\r\n",
        "431",
        "header-too-large"
      ),
      (
        "GET / HTTP/1.1\r\n\(String(repeating: "X-Field: 1\r\n", count: 100))\r\n", "431",
        "header-too-large"
      ),
      (
        "GET /\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\nHost: a\r\n\r\n", "431",
        "header-too-large"
      ),
    ])
  func header(text: String, status: String, code: String) async throws {
    try await TestBranch.run { branch in
      let connection = try RawConnection(path: branch.socket)
      try connection.send(text)
      let answer = try connection.receive()
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
      #expect(answer.contains("\"code\":\"\(code)\""))
      #expect(answer.contains("application/problem+json"))
    }
  }

  @Test("A body without end is cut off, one that does not come is not waited for")
  func body() async throws {
    try await TestBranch.run {
      $0.bodySeconds = 1
    } _: { branch in
      let head =
        "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      let slow = try RawConnection(path: branch.socket)
      try slow.send(head + "Content-Length: 10\r\n\r\n{")
      #expect(try slow.receive().isEmpty)
      let endless = try RawConnection(path: branch.socket)
      try endless.send(head + "Transfer-Encoding: chunked\r\n\r\n")
      let chunk = "10000\r\n\(String(repeating: " ", count: 65_536))\r\n"
      #expect(throws: RawConnection.Failure.self) {
        for _ in 0..<100 { try endless.send(chunk) }
      }
      let page = try RawConnection(path: branch.socket)
      try page.send("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
      #expect(try page.receive().hasPrefix("HTTP/1.1 200 OK"))
    }
  }

  @Test("There are so many connections at most; a further one is told, and room is made again")
  func connections() async throws {
    try await TestBranch.run {
      $0.connectionLimit = 2
    } _: { branch in
      let hello = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
      do {
        let first = try RawConnection(path: branch.socket)
        let second = try RawConnection(path: branch.socket)
        for connection in [first, second] {
          try connection.send(hello)
          try connection.receive(until: "ok\n")
        }
        let third = try RawConnection(path: branch.socket)
        let answer = try third.receive()
        #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("\"code\":\"busy\""))
        let other = try RawConnection(port: branch.port)
        try other.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try other.receive(until: "ok\n").hasPrefix("HTTP/1.1 200"))
        withExtendedLifetime((first, second)) {}
      }
      var answer = ""
      while !answer.hasPrefix("HTTP/1.1 200") {
        let connection = try RawConnection(path: branch.socket)
        try? connection.send(hello)
        answer = try connection.receive(until: "\r\n\r\n")
      }
    }
  }

  @Test("An idle connection, and one whose request does not come, is closed")
  func idle() async throws {
    try await TestBranch.run {
      $0.idleSeconds = 1
    } _: { branch in
      let silent = try RawConnection(path: branch.socket)
      let half = try RawConnection(path: branch.socket)
      try half.send("GET / HTTP/1.1\r\nHost")
      #expect(try silent.receive().isEmpty)
      #expect(try half.receive().isEmpty)
    }
  }

  @Test("Requests that come together are answered one after the other; one that half closes too")
  func pipelined() async throws {
    try await TestBranch.run { branch in
      let connection = try RawConnection(path: branch.socket)
      let hello = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
      try connection.send(
        hello + "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}" + hello
          + "GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      let answer = try connection.receive()
      let statuses = answer.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
      #expect(statuses == ["200", "415", "200", "404"])
    }
  }

  @Test("Keys of requests are kept for the last 256, and never more")
  func keys() throws {
    let keys = IdempotencyKeys()
    for number in 0..<IdempotencyKeys.capacity {
      #expect(try keys.begin("\(number)", digest: [1]) == nil)
    }
    // All of them are being answered: there is nothing to forget.
    #expect(throws: BranchProblem(.busy)) { try keys.begin("more", digest: [1]) }
    keys.end("7", Answer(.created))
    #expect(try keys.begin("more", digest: [1]) == nil)
    #expect(throws: BranchProblem.self) { try keys.begin("8", digest: [1]) }
    keys.end("8", nil)
    #expect(try keys.begin("8", digest: [2]) == nil)
  }
}

extension Answer: Equatable {
  public static func == (left: Answer, right: Answer) -> Bool {
    left.status == right.status && left.headers == right.headers
  }
}
