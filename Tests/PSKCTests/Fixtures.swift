import Cryptography
import Foundation

@testable import PSKC

/// The containers of RFC 6030 beside the tests.
enum Figure {
  static func text(_ number: Int) throws -> String {
    let url = Bundle.module.resourceURL?
      .appendingPathComponent("Containers/figure-\(number).xml")
    guard let url else { throw CocoaError(.fileNoSuchFile) }
    return try String(contentsOf: url, encoding: .utf8)
  }

  static func read(_ number: Int, _ unlocking: PSKCUnlocking = .none) throws -> PSKCContainer {
    try PSKCContainer(xml: Array(text(number).utf8), unlocking: unlocking)
  }

  /// The key of figure 6 and the passphrase of figure 7.
  static let key = PSKCUnlocking.preSharedKey(SecretBytes(hex("12345678901234567890123456789012")))
  static let passphrase = PSKCUnlocking.passphrase(SecretBytes("qwerty".utf8))
  /// The secret in most figures.
  static let secret = SecretBytes("12345678901234567890".utf8)
}

/// A container with one plain key of these parts.
func container(
  algorithm: String = "hotp", parameters: String = "", data: String = "", policy: String = "",
  secret: String = "<Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret>"
) -> String {
  """
  <KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc">
  <KeyPackage><DeviceInfo><SerialNo>S1</SerialNo></DeviceInfo>
  <Key Id="K1" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:\(algorithm)">
  <AlgorithmParameters>\(parameters)</AlgorithmParameters>
  <Data>\(secret)\(data)</Data>\(policy)</Key></KeyPackage></KeyContainer>
  """
}

func read(_ xml: String, _ unlocking: PSKCUnlocking = .none) throws(PSKCError) -> PSKCContainer {
  try PSKCContainer(xml: Array(xml.utf8), unlocking: unlocking)
}

/// The fault that reading ends with, nil where it does not.
func fault(_ xml: String, _ unlocking: PSKCUnlocking = .none) -> PSKCError? {
  do {
    _ = try read(xml, unlocking)
    return nil
  } catch {
    return error
  }
}

extension String {
  /// The text with the first `old` replaced, which must be there.
  func changing(_ old: String, to new: String) throws -> String {
    guard let range = range(of: old) else { throw CocoaError(.formatting) }
    return replacingCharacters(in: range, with: new)
  }
}

/// Bytes written in hexadecimal.
func hex(_ text: String) -> [UInt8] {
  let digits = text.map { UInt8($0.hexDigitValue ?? 0xFF) }
  precondition(digits.count.isMultiple(of: 2) && !digits.contains(0xFF), "not hexadecimal")
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// SplitMix64: the same numbers in each run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
}
