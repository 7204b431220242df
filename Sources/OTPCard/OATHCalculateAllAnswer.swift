import OneTimePassword
import SmartCard

/// A credential as CALCULATE ALL answers it.
public struct OATHCalculation: Equatable, Sendable {
  public let name: OATHName
  public let result: Result

  public enum Result: Equatable, Sendable {
    case code(OneTimeCode)
    /// A HOTP credential, which CALCULATE ALL leaves alone.
    case counterBased
    /// The card wants a touch first.
    case touchRequired
    /// The credential's period is not the one the challenge was made for: calculate it alone.
    case otherPeriod(UInt32)
    /// A code of other than 6 to 8 digits, for a scheme of its own.
    case otherDigits(UInt8)
  }
}

/// Reads the answer to CALCULATE ALL with P2 = 01: for each credential 71 with its name, then 76
/// with digits and truncated response, 77 (HOTP) or 7C (touch).
func readCalculateAllAnswer(_ bytes: [UInt8]) throws(OATHAnswerFault) -> [OATHCalculation] {
  let objects = try answerObjects(bytes)
  var calculations: [OATHCalculation] = []
  for index in stride(from: 0, to: objects.count, by: 2) {
    guard objects[index].tag == .name else { throw .unexpected(objects[index].tag) }
    guard let name = OATHName(objects[index].value) else { throw .length(.name) }
    guard index + 1 < objects.count else { throw .missing(.truncatedResponse) }
    let result = try readResult(objects[index + 1])
    calculations.append(OATHCalculation(name: name, result: result))
  }
  return calculations
}

private func readResult(_ object: TLV) throws(OATHAnswerFault) -> OATHCalculation.Result {
  switch object.tag {
  case .truncatedResponse:
    do {
      return .code(try readCode(object.value))
    } catch .digits(let digits) {
      return .otherDigits(digits)
    }
  case .counterBased, .touchRequired:
    // Some cards add the number of digits.
    guard object.value.count <= 1 else { throw .length(object.tag) }
    return object.tag == .counterBased ? .counterBased : .touchRequired
  default:
    throw .unexpected(object.tag)
  }
}
