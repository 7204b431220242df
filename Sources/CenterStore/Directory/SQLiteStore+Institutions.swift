import Center
import GRDB
import SmartOTP

extension SQLiteStore {
  public func institutions(_ page: PageRequest) async throws(Refusal) -> Page<Institution> {
    try await read { database in
      let items = try database.all(
        "SELECT \(Institution.columns) FROM institutions WHERE code > ? ORDER BY code LIMIT ?",
        .text(page.cursor ?? ""), page.rowLimit, read: Institution.init(columns:))
      let given = Array(items.prefix(page.limit))
      return Page(
        items: given, next: items.count > page.limit ? given.last?.code.text : nil)
    }
  }

  public func institution(_ code: InstitutionCode) async throws(Refusal) -> Institution {
    try await read { database in
      guard let institution = try database.institution(code) else {
        throw Refusal(.institutionUnknown)
      }
      return institution
    }
  }

  public func add(
    _ institution: Institution, as caller: Caller
  ) async throws(Refusal) -> Institution {
    try await create(as: caller) { work in
      try institution.checkName()
      guard try work.database.institution(institution.code) == nil else {
        throw Refusal(.institutionExists, "institution \(institution.code) is in the directory")
      }
      try work.requireFree(institution.vendorCode)
      try work.database.run(
        "INSERT INTO institutions (code, name, vendor_code, suspended) VALUES (?, ?, ?, ?)",
        .text(institution.code.text), .text(institution.name),
        .text(institution.vendorCode?.text), .flag(institution.isSuspended))
      try work.record("institution.added", institution.subject, institution.summary, as: caller)
      return institution
    }
  }

  public func update(
    _ institution: Institution, as caller: Caller
  ) async throws(Refusal) -> Institution {
    try await write { work in
      try institution.checkName()
      guard let old = try work.database.institution(institution.code) else {
        throw Refusal(.institutionUnknown)
      }
      if old == institution { return institution }
      if old.vendorCode != institution.vendorCode {
        try work.requireUnused(old.vendorCode)
        try work.requireFree(institution.vendorCode)
      }
      try work.database.run(
        "UPDATE institutions SET name = ?, vendor_code = ?, suspended = ? WHERE code = ?",
        .text(institution.name), .text(institution.vendorCode?.text),
        .flag(institution.isSuspended), .text(institution.code.text))
      try work.record("institution.changed", institution.subject, institution.summary, as: caller)
      return institution
    }
  }
}

extension UnitOfWork {
  fileprivate func requireFree(_ vendorCode: VendorCode?) throws {
    guard let vendorCode else { return }
    let holder = try database.first(
      "SELECT code FROM institutions WHERE vendor_code = ?", .text(vendorCode.text)
    ) { $0.text(0) }
    if let holder {
      throw Refusal(
        .institutionExists, "vendor code \(vendorCode) belongs to institution \(holder)")
    }
  }

  fileprivate func requireUnused(_ vendorCode: VendorCode?) throws {
    guard let vendorCode else { return }
    if try database.exists(
      "SELECT 1 FROM cards WHERE vendor_code = ? LIMIT 1", .text(vendorCode.text))
    {
      throw Refusal(
        .invalidValue, "vendorCode: there are cards of \(vendorCode), so it cannot be taken away")
    }
  }
}

extension Database {
  func institution(_ code: InstitutionCode) throws -> Institution? {
    try first(
      "SELECT \(Institution.columns) FROM institutions WHERE code = ?", .text(code.text),
      read: Institution.init(columns:))
  }
}

extension Institution {
  static let columns = "code, name, vendor_code, suspended"

  init(columns row: Columns) throws {
    self.init(
      code: try row.checked(0), name: row.text(1),
      vendorCode: try row.optional(2, row.checked), isSuspended: row.flag(3))
  }

  fileprivate var subject: String { "institution:\(code)" }
  fileprivate var summary: String {
    let vendor = vendorCode.map { "vendor code \($0)" } ?? "no vendor code"
    return isSuspended ? "\(vendor), suspended" : vendor
  }

  fileprivate func checkName() throws {
    guard isPlainText(name, 1...128) else {
      throw Refusal(.invalidValue, "name: 1 to 128 bytes without controls")
    }
  }
}
