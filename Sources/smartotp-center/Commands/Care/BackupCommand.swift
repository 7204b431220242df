import ArgumentParser
import CenterStore

struct BackupCommand: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copies the database while the centre runs.",
    discussion: """
      The copy is of no use without the key file (kek): keep that elsewhere.

      EXAMPLES
        smartotp-center backup /backup/center-$(date +%F).sqlite
      """)

  @Argument(help: "The new file.") var file: String
  @OptionGroup var local: LocalOperator

  func perform() async throws {
    try await local.openStore().backup(to: file)
    print("copied to \(file)")
  }
}

struct RestoreCommand: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Puts a backup in the place of the database. The centre must not run.",
    discussion: """
      The backup is checked first; the database that was there is kept beside the new one.

      EXAMPLES
        smartotp-center restore /backup/center-2026-11-24.sqlite
      """)

  @Argument(help: "A file that `backup` made.") var file: String
  @OptionGroup var local: LocalOperator

  func perform() async throws {
    let directory = local.data.directory
    try SQLiteStore.restore(
      file, to: directory.database, keys: KeyRing(credentialOr: directory.keyFile))
    print("restored \(directory.database) from \(file)")
  }
}
