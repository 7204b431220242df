/// What a terminal can do, by its name in TERM.
enum TerminalKind: Hashable {
  /// Moves its cursor as ECMA-48 says, and shows any script.
  case full
  /// The kernel's own console: moves its cursor, but its fonts have no Hangul and no Devanagari.
  case console
  /// Knows nothing but carriage return and line feed.
  case dumb

  init(name: String?) {
    switch name {
    case nil, "", "dumb", "unknown", "network", "dialup": self = .dumb
    case "linux", "con": self = .console
    default: self = .full
    }
  }

  var hasEveryScript: Bool { self != .console }
}
