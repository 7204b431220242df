/// A product's vendor and product number.
public struct USBIdentifier: Hashable, Sendable, CustomStringConvertible {
  public var vendor: UInt16
  public var product: UInt16

  public init(_ vendor: UInt16, _ product: UInt16) {
    self.vendor = vendor
    self.product = product
  }

  /// As sysfs shows them, in hexadecimal.
  init?(vendor: String?, product: String?) {
    guard let vendor = vendor.flatMap({ UInt16($0, radix: 16) }),
      let product = product.flatMap({ UInt16($0, radix: 16) })
    else { return nil }
    self.init(vendor, product)
  }

  public var vendorText: String { Self.text(vendor) }
  public var productText: String { Self.text(product) }
  /// `072f:2200`, as lsusb writes it.
  public var description: String { "\(vendorText):\(productText)" }

  private static func text(_ value: UInt16) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
