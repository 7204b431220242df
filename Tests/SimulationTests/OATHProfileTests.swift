import Testing

@testable import Simulation

@Suite("How the cards differ")
struct OATHProfileTests {
  private static let key = [UInt8]("12345678901234567890".utf8)
  private let accessKey = (0..<16).map { UInt8($0) }

  private func host(_ profile: OATHProfile, _ names: Int = 1, accessKey: [UInt8]? = nil)
    -> OATHHost
  {
    OATHHost(
      profile, (0..<names).map { .init(name: "credential-\($0)", key: Self.key) },
      accessKey: accessKey)
  }

  @Test("Eight bytes of challenge work everywhere", arguments: OATHProfile.all)
  func shortChallenge(_ profile: OATHProfile) {
    let host = host(profile)
    let challenge: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    #expect(host.code("credential-0", challenge) != nil)
    #expect(
      host.status(host.send(0xA4, 0, 1, OATHFields.encode(0x74, challenge))) == "9000")
  }

  @Test("One takes no more, another 64 but 32 at once")
  func longChallenges() {
    let nine = [UInt8](repeating: 1, count: 9)
    #expect(host(.token).code("credential-0", nine) == nil)
    let sixtyFour = [UInt8](repeating: 1, count: 64)
    #expect(host(.javaCard).code("credential-0", sixtyFour) != nil)
    #expect(host(.javaCard).code("credential-0", sixtyFour + [1]) == nil)
    let javaCard = host(.javaCard)
    #expect(
      javaCard.status(javaCard.send(0xA4, 0, 1, [0x74, 33] + [UInt8](repeating: 1, count: 33)))
        == "6a80")
  }

  @Test("The count after 61 is exact on some, always FF on one")
  func chainCounts() {
    for profile in OATHProfile.all {
      let host = host(profile, 20)
      let whole = host.card.credentials.count * (2 + 1 + 12) + 10
      let response = host.send(0xA1)
      let rest = whole - profile.responseLimit
      #expect(response.suffix(2) == [0x61, profile.countsRemaining ? UInt8(rest) : 0xFF])
      #expect(host.send(0xA5).count == rest + 2)
      #expect(host.status(host.send(0xA5)) == "9000")
    }
  }

  @Test("A chain left undrained spoils the next answer on one of them, until it is selected again")
  func undrainedChain() {
    let challenge: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    for profile in OATHProfile.all {
      let host = host(profile, 20)
      let right = host.calculate("credential-3", challenge)
      _ = host.send(0xA1)
      let next = host.calculate("credential-3", challenge)
      #expect(host.status(next) == "9000")
      #expect((next == right) == (profile != .javaCard), "\(profile.name)")
      _ = host.send(0xA1)
      host.select()
      #expect(host.calculate("credential-3", challenge) == right)
    }
  }

  @Test("SET CODE takes 21 everywhere, 01 not on one")
  func accessKeyType() {
    for profile in OATHProfile.all {
      #expect(host(profile).setCode(accessKey, type: 0x21) == "9000")
      #expect(
        host(profile).setCode(accessKey, type: 0x01) == (profile == .javaCard ? "6a80" : "9000"))
    }
  }

  @Test("A wrong VALIDATE is 6A80, or 6984 on one; it opens nothing")
  func wrongValidate() {
    for profile in OATHProfile.all {
      let host = host(profile, accessKey: accessKey)
      let answer = host.validate([1, 2, 3], selected: host.select())
      #expect(host.status(answer) == (profile == .stick ? "6984" : "6a80"))
      #expect(host.status(host.send(0xA1)) == "6982")
    }
  }

  @Test("The first HOTP code is the moving factor's, or the next one's")
  func firstCounter() {
    for profile in OATHProfile.all {
      let host = OATHHost(profile, [.init(name: "h", kind: .hotp, key: Self.key)])
      #expect(host.code("h") == (profile == .token ? "287082" : "755224"))
    }
  }

  @Test("The counter is 16 bits wide on one")
  func counterWidth() {
    let credential = OATHCredential(name: "h", kind: .hotp, key: Self.key, counter: 0xFFFF)
    let narrow = OATHHost(.javaCard, [credential])
    _ = narrow.code("h")
    #expect(narrow.code("h") == "755224")
    let wide = OATHHost(.yubiKey, [credential])
    _ = wide.code("h")
    #expect(wide.card.credentials[0].counter == 0x10000)
    #expect(wide.code("h") != "755224")
  }

  @Test("PUT over a name replaces it, or is 6985")
  func putOver() {
    for profile in OATHProfile.all {
      let host = host(profile)
      #expect(host.put("credential-0", key: [9, 9]) == (profile == .token ? "6985" : "9000"))
      #expect(host.card.credentials.count == 1)
    }
  }

  @Test("Without a property one takes what an earlier command left behind")
  func missingProperty() {
    for profile in OATHProfile.all {
      let host = host(profile)
      #expect(host.put("long-name", property: [0x78, 0x02]) == "9000")
      #expect(host.put("shortname", property: []) == "9000")
      #expect(host.card.credentials.last?.property == (profile == .javaCard ? 0x02 : 0x00))
      #expect(host.put("othername", property: [0x78, 0x00]) == "9000")
      #expect(host.card.credentials.last?.property == 0)
    }
  }

  @Test("SHA-512, RENAME and RESET are missing here and there")
  func missingFeatures() {
    for profile in OATHProfile.all {
      let host = host(profile)
      #expect(host.put("x", type: 0x23) == (profile == .javaCard ? "6a80" : "9000"))
      let names = OATHHost.name("credential-0") + OATHHost.name("y")
      let renames = profile == .yubiKey || profile == .token
      #expect(host.status(host.send(0x05, 0, 0, names)) == (renames ? "9000" : "6d00"))
      #expect(host.status(host.send(0x04, 0xDE, 0xAD)) == (profile == .token ? "6d00" : "9000"))
    }
  }

  @Test("RESET erases a locked card on some")
  func lockedReset() {
    let expected = ["yubikey": "9000", "javacard": "6982", "token": "6d00", "stick": "9000"]
    for profile in OATHProfile.all {
      let host = host(profile, accessKey: accessKey)
      #expect(host.status(host.send(0x04, 0xDE, 0xAD)) == expected[profile.name])
    }
  }

  @Test("One stays unlocked across a second SELECT, none across a loss of power")
  func stayingUnlocked() {
    for profile in OATHProfile.all {
      let host = host(profile, accessKey: accessKey)
      _ = host.validate(accessKey, selected: host.select())
      host.select()
      #expect(host.status(host.send(0xA1)) == (profile == .stick ? "9000" : "6982"))
      host.card.powerUp()
      host.select()
      #expect(host.status(host.send(0xA1)) == "6982")
    }
  }

  @Test("Where challenges only increase, one long challenge ends them all, and CALCULATE ALL too")
  func increasingChallenges() {
    for profile in OATHProfile.all where profile != .token {
      var increasing = OATHCredential(name: "i", key: Self.key)
      increasing.property = 0x01
      let host = OATHHost(profile, [increasing, .init(name: "other", key: Self.key)])
      #expect(host.code("i", [0, 0, 0, 0, 0, 0, 0, 5]) != nil)
      #expect(host.code("i", [0, 0, 0, 0, 0, 0, 0, 4]) == nil)
      #expect(host.code("i", [UInt8](repeating: 0, count: 20)) != nil)
      #expect(host.code("i", [0, 0, 0, 0, 0, 0, 0, 9]) == nil)
      #expect(
        host.status(host.send(0xA4, 0, 1, [0x74, 8] + [UInt8](repeating: 9, count: 8))) == "6982")
    }
  }
}
