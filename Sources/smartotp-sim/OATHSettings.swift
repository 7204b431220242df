import ArgumentParser
import Foundation
import Simulation
import SmartCard

/// What the options say about OATH cards.
struct OATHSettings {
  var profile: OATHProfile
  var credentials: [OATHCredential]
  var accessKey: [UInt8]?
  var activation: CardActivation

  func card(_ activation: CardActivation? = nil) -> OATHCard {
    OATHCard(
      profile: profile, activation: activation ?? self.activation, credentials: credentials,
      accessKey: accessKey)
  }
}

extension CardOptions {
  func oathSettings() throws -> OATHSettings {
    guard let profile = OATHProfile.all.first(where: { $0.name == profile }) else {
      let names = OATHProfile.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--profile \(self.profile): choose one of \(names)")
    }
    let texts = try credential + seedLines()
    var credentials = try texts.map { text in
      guard let credential = OATHCredential(parsing: text) else {
        throw ValidationError("“\(text)” is no credential: NAME=BASE32[,hotp][,sha256][,8]…")
      }
      return credential
    }
    credentials += try smartOtp.map(smartOTPCredential)
    return OATHSettings(
      profile: profile, credentials: credentials,
      accessKey: try accessKey.map { try bytes($0, "--access-key") }, activation: try activation())
  }

  private func seedLines() throws -> [String] {
    guard let seedFile else { return [] }
    let text: String
    do { text = try String(contentsOfFile: seedFile, encoding: .utf8) } catch {
      throw ValidationError("--seed-file \(seedFile): cannot be read")
    }
    return text.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
  }

  private func smartOTPCredential(_ text: String) throws -> OATHCredential {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw ValidationError("--smart-otp \(text): write VENDOR:SERIAL:HEXKEY")
    }
    let key = try bytes(parts[2], "--smart-otp")
    return .smartOTP(vendor: parts[0], serial: parts[1], key: key)
  }

  private func activation() throws -> CardActivation {
    var activation = TypeAActivation.isoDEP()
    if uid == "random" {
      activation = .isoDEP(uid: [0x08, 0x00, 0x00, 0x01])
      activation.drawsRandomUID = true
    } else if let uid {
      activation = .isoDEP(uid: try bytes(uid, "--uid"))
    }
    if let ats { activation.ats = try bytes(ats, "--ats") }
    return .typeA(activation)
  }

  private func bytes(_ text: String, _ option: String) throws -> [UInt8] {
    guard let bytes = Hexadecimal.bytes(text), !bytes.isEmpty else {
      throw ValidationError("\(option) \(text): not hexadecimal")
    }
    return bytes
  }
}
