import GRDB

/// The database's tables, by migrations that only ever grow in number.
enum Schema {
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 tables") { database in
      try database.execute(sql: tables)
      try database.execute(sql: transactionTables)
    }
    migrator.registerMigration("2 rules") { try $0.execute(sql: rules) }
    migrator.registerMigration("3 one card for the keys") { try $0.execute(sql: keysBegun) }
    migrator.registerMigration("4 languages") { try $0.execute(sql: languages) }
    return migrator
  }()
}
