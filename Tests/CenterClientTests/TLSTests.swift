import NIOSSL
import SmartOTP
import Testing

@testable import CenterClient

@Suite("The secure connection to a centre")
struct TLSTests {
  private func failure(
    authority: TestAuthority, identity: ClientIdentity? = nil, server: TLSConfiguration? = nil,
    trusting other: TestAuthority? = nil, host: String = "localhost", plain: Bool = false
  ) async throws -> CenterServiceError? {
    try await withCenter(
      authority: authority, identity: identity, server: server, trusting: other, host: host,
      plain: plain, reply: Script { _, _ in .json(200, "{}") }
    ) { client, center in
      do throws(CenterServiceError) {
        _ = try await client.device()
        return nil
      } catch {
        #expect(center.requests.isEmpty || error == .malformedAnswer("Device, id"))
        return error
      }
    }
  }

  @Test("A centre with a certificate of another authority is not spoken to")
  func foreignCenter() async throws {
    let error = try await failure(authority: try TestAuthority(), trusting: try TestAuthority())
    #expect(error == .tlsRefused(.centerNotTrusted))
  }

  @Test("A centre with a certificate for another name is not spoken to")
  func otherName() async throws {
    let authority = try TestAuthority()
    let error = try await failure(
      authority: authority, server: authority.server(host: "center.example"))
    #expect(error == .tlsRefused(.centerNameMismatch))
  }

  @Test("TLS 1.2 is not spoken")
  func oldVersion() async throws {
    let authority = try TestAuthority()
    let error = try await failure(
      authority: authority, server: authority.server(version: .tlsv12))
    #expect(error == .tlsRefused(.protocolVersion))
  }

  @Test("A server without TLS is told from one")
  func plainServer() async throws {
    let error = try await failure(authority: try TestAuthority(), plain: true)
    #expect(error == .tlsRefused(.protocolVersion))
  }

  @Test("A client certificate of another authority is refused by the centre, and said to be")
  func foreignIdentity() async throws {
    let error = try await failure(
      authority: try TestAuthority(), identity: try TestAuthority("other").identity())
    #expect(error == .tlsRefused(.identityNotAccepted))
  }

  @Test("An expired client certificate is refused by the centre, and said to be")
  func expiredIdentity() async throws {
    let authority = try TestAuthority()
    let error = try await failure(
      authority: authority,
      identity: authority.identity(validity: TestAuthority.validity(from: -7200, to: -3600)))
    #expect(error == .tlsRefused(.identityExpired))
  }

  @Test("Nonsense for an authority or an identity is refused before anything is connected")
  func nonsense() throws {
    let authority = try TestAuthority()
    let address = try #require(CenterAddress("localhost"))
    #expect(throws: CenterServiceError.self) {
      try CenterClient(CenterClientConfiguration(address: address, authority: [1, 2, 3]))
    }
    let identity = ClientIdentity(
      certificates: authority.pem, key: .init(Array("no key".utf8)))
    #expect(throws: CenterServiceError.self) {
      try CenterClient(
        CenterClientConfiguration(
          address: address, authority: authority.pem, identity: identity))
    }
  }
}
