import ArgumentParser

/// `smartotp-center institution`: the directory.
struct InstitutionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "institution",
    abstract: "The directory of institutions.",
    subcommands: [
      AddInstitution.self, ListInstitutions.self, SuspendInstitution.self, ResumeInstitution.self,
    ])
}
