import Center
import SmartOTP
import Testing

@testable import CenterServer

@Suite("Limits")
struct LimitTests {
  @Test("A client over its limit is told how long to wait; another is not held up")
  func perIdentity() async throws {
    var limits = RateLimits()
    limits.institution = RateLimit(perSecond: 0.01, burst: 2)
    try await TestCentre.run(limits: limits) { centre in
      try await centre.with(centre.identity("004", .institution)) { client in
        #expect(try await client.get("/v1/institutions").status == 200)
        #expect(try await client.get("/v1/institutions").status == 200)
        let reply = try await client.get("/v1/institutions")
        #expect(reply.status == 429)
        #expect(reply.code == .rateLimited)
        let wait = try #require(reply.headers["retry-after"].first.flatMap { Int($0) })
        #expect((1...100).contains(wait))
      }
      let other = try await centre.with(centre.identity("088", .institution)) {
        try await $0.get("/v1/institutions")
      }
      #expect(other.status == 200)
    }
  }

  @Test("Registration codes cannot be tried by the hundred from one address")
  func enrolment() async throws {
    try await TestCentre.run { centre in
      try await centre.with(nil) { client in
        let request = try TestDevice.request(RegistrationCode(typed: "00000-00000"))
        for _ in 0..<10 {
          #expect(try await client.post("/v1/devices", request).code == .registrationCodeInvalid)
        }
        #expect(try await client.post("/v1/devices", request).code == .rateLimited)
      }
    }
  }

  @Test("A bucket fills again with time, up to its size")
  func bucket() {
    let limit = RateLimit(perSecond: 2, burst: 3)
    let start = ContinuousClock.now
    var bucket = TokenBucket(limit, at: start)
    for _ in 0..<3 { #expect(bucket.take(limit, at: start) == nil) }
    #expect(bucket.take(limit, at: start) == 0.5)
    #expect(bucket.take(limit, at: start + .milliseconds(500)) == nil)
    for _ in 0..<3 { #expect(bucket.take(limit, at: start + .seconds(60)) == nil) }
    #expect(bucket.take(limit, at: start + .seconds(60)) == 0.5)
  }

  @Test("The table of clients does not grow past its size: further ones share a limit")
  func boundedTable() {
    let start = ContinuousClock.now
    let limiter = RateLimiter(RateLimit(perSecond: 1, burst: 1), capacity: 4, now: start)
    for client in 0..<4 { #expect(limiter.take("\(client)", at: start) == nil) }
    #expect(limiter.take("a", at: start) == nil)
    #expect(limiter.take("b", at: start) != nil)
    // Those that are full again have left the table.
    #expect(limiter.take("b", at: start + .seconds(2)) == nil)
  }

  @Test(
    "An IPv6 client is limited by its network",
    arguments: [
      ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2/64"), ("2001:db8::1", "2001:db8/64"),
      ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
    ])
  func networks(address: String, network: String) {
    #expect(RateLimiters.network(of: address) == network)
  }

  @Test("A device has few streams, and a closed one makes room")
  func streams() throws {
    let count = StreamCount(limit: 5)
    let device = try DeviceID.random()
    for _ in 0..<StreamCount.limitPerDevice { #expect(count.open(device)) }
    #expect(!count.open(device))
    #expect(count.open(try DeviceID.random()))
    #expect(!count.open(try DeviceID.random()))
    count.close(device)
    #expect(count.open(device))
    #expect(count.total == 5)
  }
}
