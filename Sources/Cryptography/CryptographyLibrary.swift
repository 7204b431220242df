import COpenSSL

/// The libcrypto that is loaded.
public enum CryptographyLibrary {
  /// Major, minor and patch number, as of OpenSSL 3 (OPENSSL_VERSION_NUMBER(3)).
  public static var version: (major: Int, minor: Int, patch: Int) {
    let number = OpenSSL_version_num()
    return (Int(number >> 28 & 0xF), Int(number >> 20 & 0xFF), Int(number >> 4 & 0xFFFF))
  }
}
