import ArgumentParser

/// `--data`: where the centre keeps what it knows.
struct DataOption: ParsableArguments {
  @Option(
    name: .customLong("data"),
    help: ArgumentHelp("The centre's directory.", valueName: "dir"))
  var path = "smartotp-center-data"

  var directory: DataDirectory { DataDirectory(path: path) }
}
