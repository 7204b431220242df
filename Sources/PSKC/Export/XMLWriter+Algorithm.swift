import OneTimePassword

extension XMLWriter {
  /// Writes `AlgorithmParameters`, which a PIN has none of.
  mutating func writeParameters(_ algorithm: PSKCAlgorithm) throws(PSKCError) {
    if algorithm == .pin { return }
    try element("pskc:AlgorithmParameters") { writer throws(PSKCError) in
      switch algorithm {
      case .hotp(let hotp, _):
        writer.writeParameters(hotp.hash, hotp.digits)
      case .totp(let totp, _):
        guard totp.epoch == 0 else { throw PSKCError(.notExpressible, at: "Data/Time") }
        writer.writeParameters(totp.hash, totp.digits)
      case .ocra(let ocra):
        try writer.write("Suite", String(decoding: ocra.suite.text, as: UTF8.self))
        if let format = ocra.challengeFormat { writer.write(format) }
        if ocra.suite.digitCount > 0 {
          writer.writeResponseFormat(length: ocra.suite.digitCount)
        }
      case .pin:
        break
      }
    }
  }

  /// Writes what `Data` holds beside the secret.
  mutating func writeData(_ algorithm: PSKCAlgorithm) throws(PSKCError) {
    switch algorithm {
    case .hotp(_, let counter):
      try writeValue("Counter", Int64(exactly: counter))
    case .totp(let totp, let clock):
      try writeValue("Time", Int32(exactly: clock.steps))
      try writeValue("TimeInterval", Int32(exactly: totp.period))
      try write(drift: clock.drift)
    case .ocra(let ocra):
      if let counter = ocra.counter { try writeValue("Counter", Int64(exactly: counter)) }
      if ocra.clock.steps != 0 { try writeValue("Time", Int32(exactly: ocra.clock.steps)) }
      try write(drift: ocra.clock.drift)
    case .pin:
      break
    }
  }

  private mutating func writeParameters(_ hash: HashFunction, _ digits: DigitCount) {
    if hash != .sha1 { element("pskc:Suite", text: hash.suite) }
    writeResponseFormat(length: Int(digits.rawValue))
  }

  private mutating func writeResponseFormat(length: Int) {
    let encoding = PSKCChallengeFormat.Encoding.decimal.rawValue
    element("pskc:ResponseFormat", [("Encoding", encoding), ("Length", String(length))])
  }

  private mutating func write(_ format: PSKCChallengeFormat) {
    element(
      "pskc:ChallengeFormat",
      [
        ("Encoding", format.encoding.rawValue), ("Min", String(format.minimum)),
        ("Max", String(format.maximum)),
      ] + (format.hasCheckDigit ? [("CheckDigits", "true")] : []))
  }

  private mutating func write(drift: Int32) throws(PSKCError) {
    if drift != 0 { try writeValue("TimeDrift", drift) }
  }

  /// Throws where the number has not the size that the schema gives it.
  private mutating func writeValue(
    _ name: String, _ number: (some FixedWidthInteger)?
  ) throws(PSKCError) {
    guard let number else { throw PSKCError(.notExpressible, at: "Data/\(name)") }
    element("pskc:\(name)") { $0.element("pskc:PlainValue", text: String(number)) }
  }
}

extension KeyProfile {
  init(_ algorithm: PSKCAlgorithm) {
    switch algorithm {
    case .hotp: self = .hotp
    case .totp: self = .totp
    case .ocra: self = .ocra
    case .pin: self = .pin
    }
  }
}
