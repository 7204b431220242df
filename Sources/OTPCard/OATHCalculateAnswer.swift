import OneTimePassword
import SmartCard

/// Reads the answer to CALCULATE with P2 = 01: 76, 05, digits, four truncated bytes.
func readTruncatedAnswer(_ bytes: [UInt8]) throws(OATHAnswerFault) -> OneTimeCode {
  try readCode(try onlyObject(in: bytes, tag: .truncatedResponse))
}

/// Reads the answer to CALCULATE with P2 = 00: 75, length, digits, the whole HMAC.
func readFullAnswer(
  _ bytes: [UInt8], hash: HashFunction
) throws(OATHAnswerFault) -> [UInt8] {
  let value = try onlyObject(in: bytes, tag: .fullResponse)
  guard value.count == 1 + hash.byteCount else { throw .length(.fullResponse) }
  return Array(value.dropFirst())
}

/// Digits, then four truncated bytes.
func readCode(_ value: [UInt8]) throws(OATHAnswerFault) -> OneTimeCode {
  guard let digitByte = value.first, let response = TruncatedResponse(value.dropFirst()) else {
    throw .length(.truncatedResponse)
  }
  guard let digits = DigitCount(rawValue: digitByte) else { throw .digits(digitByte) }
  return response.code(digits)
}

/// The value of the one data object an answer must consist of.
func onlyObject(in bytes: [UInt8], tag: TLV.Tag) throws(OATHAnswerFault) -> [UInt8] {
  let objects = try answerObjects(bytes)
  guard let object = objects.first else { throw .missing(tag) }
  guard object.tag == tag else { throw .unexpected(object.tag) }
  guard objects.count == 1 else { throw .unexpected(objects[1].tag) }
  return object.value
}
