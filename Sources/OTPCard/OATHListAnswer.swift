import SmartCard

/// Reads the answer to LIST: 72, length, algorithm byte, name, for each credential.
func readListAnswer(_ bytes: [UInt8]) throws(OATHAnswerFault) -> [OATHCredential] {
  var credentials: [OATHCredential] = []
  for object in try answerObjects(bytes) {
    guard object.tag == .nameList else { throw .unexpected(object.tag) }
    guard let algorithm = object.value.first, let name = OATHName(Array(object.value.dropFirst()))
    else { throw .length(.nameList) }
    credentials.append(OATHCredential(name: name, algorithmByte: algorithm))
  }
  return credentials
}
