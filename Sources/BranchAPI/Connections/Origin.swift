/// From which side a request comes.
enum Origin: Sendable {
  /// The Unix socket, whose file's mode said who may connect.
  case local
  /// The loopback port: any program of any user, and any page in a browser, may try.
  case loopback(tokenDigest: [UInt8])
}
