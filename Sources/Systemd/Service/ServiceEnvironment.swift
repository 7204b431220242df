import Glibc

/// What the service manager put into the environment.
public enum ServiceEnvironment {
  public typealias Lookup = @Sendable (String) -> String?

  public static let process: Lookup = { name in getenv(name).map { String(cString: $0) } }
}
