import CenterClient
import Cryptography
import DeviceIdentity
import FoundationEssentials
import Glibc
import SmartOTP

/// The centre a command works with, and the connections to it ended afterwards.
struct CenterSession: Sendable {
  let client: CenterClient

  /// Runs `body` with a client, and ends its connections whatever happens.
  static func run<Value>(
    _ configuration: CenterClientConfiguration, _ body: (CenterClient) async throws -> Value
  ) async throws -> Value {
    do {
      let client = try CenterClient(configuration)
      do {
        let value = try await body(client)
        await client.shutdown()
        return value
      } catch {
        await client.shutdown()
        throw error
      }
    } catch {
      throw CommandFailure(layer: error) ?? error
    }
  }
}

/// A command of an institution's.
struct InstitutionSession {
  let client: CenterClient
  let identity: InstitutionIdentity

  static func run<Value>(
    _ options: CenterOptions, _ body: (InstitutionSession) async throws -> Value
  ) async throws -> Value {
    guard let path = options.identityPath else {
      throw CommandFailure(
        "no institution is named; give --identity FILE or set SMARTOTP_IDENTITY", .usage)
    }
    let identity: InstitutionIdentity
    do { identity = try InstitutionIdentity(path: path) } catch {
      throw CommandFailure(layer: error) ?? error
    }
    guard let authority = try options.authority() ?? identity.authority else {
      throw CommandFailure(
        "the centre's authority is not named; give --ca FILE or set SMARTOTP_CENTER_CA", .usage)
    }
    let configuration = CenterClientConfiguration(
      address: try options.address(), authority: authority, identity: identity.client)
    return try await CenterSession.run(configuration) { client in
      try await body(InstitutionSession(client: client, identity: identity))
    }
  }

  /// Opens a key envelope that the centre sealed for this institution.
  func open(_ envelope: String, of card: CardIdentity, count: Int) throws -> SecretBytes {
    try KeyDelivery.open(
      envelope, key: identity.key, holder: identity.code.text, card: card, count: count)
  }
}

/// A command of a registered device's.
struct DeviceSession {
  let client: CenterClient
  let state: DeviceState

  static func state(_ options: CenterOptions) throws -> DeviceState {
    do throws(DeviceIdentityError) {
      return try DeviceState(loading: options.stateDirectory)
    } catch { throw CommandFailure(error) }
  }

  static func run<Value>(
    _ options: CenterOptions, _ body: (DeviceSession) async throws -> Value
  ) async throws -> Value {
    let state = try state(options)
    var configuration = CenterClientConfiguration(
      address: try options.address(default: state.record.center),
      authority: try options.authority() ?? state.authority)
    configuration.identity = ClientIdentity(
      certificates: state.certificates, key: try state.key.pem())
    return try await CenterSession.run(configuration) { client in
      try await body(
        DeviceSession(client: client, state: try await renewed(state, with: client)))
    }
  }

  /// Renews a certificate that is about to end. A failure is for the next time: it still holds.
  private static func renewed(
    _ state: DeviceState, with client: CenterClient
  ) async throws -> DeviceState {
    guard state.record.needsRenewal(at: UnixTime(Int64(time(nil)))) else { return state }
    var state = state
    do {
      try state.renew(with: try await client.renew(try state.renewalRequest()))
    } catch let error as CenterServiceError {
      StandardError.line("smartotp: the certificate was not renewed: \(error)")
    }
    return state
  }

  func open(_ envelope: String, of card: CardIdentity) throws -> SecretBytes {
    try KeyDelivery.open(
      envelope, key: state.key, holder: state.record.id.text, card: card,
      count: KeyDelivery.accessKeyByteCount)
  }
}

extension KeyDelivery {
  /// Opens an envelope of `count` key bytes.
  static func open(
    _ envelope: String, key: P256.PrivateKey, holder: String, card: CardIdentity, count: Int
  ) throws -> SecretBytes {
    guard let sealed = Data(base64Encoded: envelope) else {
      throw CenterServiceError.malformedAnswer("the key envelope is not base64")
    }
    let secret: SecretBytes
    do {
      secret = try KeyEnvelope.open(
        Array(sealed), with: key, associatedData: associatedData(holder: holder, card: card))
    } catch {
      throw CenterServiceError.malformedAnswer("the key envelope is not for this identity")
    }
    guard secret.count == count else {
      throw CenterServiceError.malformedAnswer("the key envelope has \(secret.count) bytes")
    }
    return secret
  }
}
