import Testing

@testable import CenterClient

@Suite("A centre's address")
struct CenterAddressTests {
  @Test(
    "It may be written with or without scheme and port",
    arguments: [
      ("https://center.example:9443", "https://center.example:9443"),
      ("HTTPS://center.example/", "https://center.example:8443"),
      ("center.example", "https://center.example:8443"), ("10.0.0.1:1", "https://10.0.0.1:1"),
      ("https://[::1]:8443", "https://[::1]:8443"), ("[fe80::1]", "https://[fe80::1]:8443"),
    ])
  func accepted(text: String, address: String) {
    #expect(CenterAddress(text)?.description == address)
  }

  @Test(
    "Plain HTTP, paths, user names and impossible ports are refused",
    arguments: [
      "", "http://center.example", "https://", "https://a/b", "https://a@b", "a:0", "a:65536",
      "a:+1", "a:", "a b", "[::1", "[]", "a:1:2", "https://a?b", "ftp://a", "::1",
    ])
  func refused(text: String) {
    #expect(CenterAddress(text) == nil)
  }
}
