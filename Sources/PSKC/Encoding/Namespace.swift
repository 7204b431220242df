/// The XML namespaces of a PSKC file.
enum Namespace {
  static let pskc = "urn:ietf:params:xml:ns:keyprov:pskc"
  static let xmlSignature = "http://www.w3.org/2000/09/xmldsig#"
  static let xmlSignatureMore = "http://www.w3.org/2001/04/xmldsig-more#"
  static let xmlEncryption = "http://www.w3.org/2001/04/xmlenc#"
  static let xmlEncryption11 = "http://www.w3.org/2009/xmlenc11#"
  static let pkcs5 = "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#"
}
