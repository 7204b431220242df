/// Storing, listing and deleting credentials.
extension OATHApplication {
  mutating func put(_ data: [UInt8]) -> Outcome {
    var fields = OATHFields(data)
    guard let name = fields.take(OATHTag.name), (1...64).contains(name.count),
      let key = fields.take(OATHTag.key), key.count > 2,
      let kind = OATHCredential.Kind(rawValue: key[0] & 0xF0), let algorithm = algorithm(key[0])
    else { return .failure(.wrongSyntax) }
    var credential = OATHCredential(
      name: name, kind: kind, algorithm: algorithm, digits: key[1], key: Array(key.dropFirst(2)),
      counter: 0)
    credential.property = fields.takeProperty() ?? staleProperty(after: data)
    if let factor = fields.take(OATHTag.movingFactor) {
      credential.counter = factor.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
    return store(credential)
  }

  mutating func store(_ credential: OATHCredential) -> Outcome {
    if let index = index(of: credential.name) {
      guard profile.putReplaces else { return .failure(.notAllowed) }
      credentials[index] = credential
      return .success([])
    }
    guard credentials.count < profile.capacity else { return .failure(.noSpace) }
    credentials.append(credential)
    return .success([])
  }

  mutating func delete(_ data: [UInt8]) -> Outcome {
    var fields = OATHFields(data)
    guard let name = fields.take(OATHTag.name) else { return .failure(.wrongSyntax) }
    guard let index = index(of: name) else { return .failure(.noSuchObject) }
    credentials.remove(at: index)
    return .success([])
  }

  mutating func rename(_ data: [UInt8]) -> Outcome {
    var fields = OATHFields(data)
    guard let old = fields.take(OATHTag.name), let new = fields.take(OATHTag.name),
      (1...64).contains(new.count)
    else { return .failure(.wrongSyntax) }
    guard let index = index(of: old), self.index(of: new) == nil else {
      return .failure(.noSuchObject)
    }
    credentials[index].name = new
    return .success([])
  }

  func list() -> [UInt8] {
    credentials.flatMap { OATHFields.encode(OATHTag.nameList, [$0.typeByte] + $0.name) }
  }

  func index(of name: [UInt8]) -> Int? { credentials.firstIndex { $0.name == name } }

  func algorithm(_ type: UInt8) -> OATHCredential.Algorithm? {
    let algorithm = OATHCredential.Algorithm(rawValue: type & 0x0F)
    return algorithm == .sha512 && !profile.hasSHA512 ? nil : algorithm
  }

  /// The one buffer every command overwrites as far as it reaches.
  mutating func leaveInBuffer(_ data: [UInt8]) {
    guard profile.readsPastCommand else { return }
    buffer = data + buffer.dropFirst(data.count)
  }

  func staleProperty(after data: [UInt8]) -> UInt8 {
    let rest = buffer.dropFirst(data.count)
    guard rest.count >= 2, rest.first == OATHTag.property else { return 0 }
    return rest[rest.startIndex + 1]
  }
}
