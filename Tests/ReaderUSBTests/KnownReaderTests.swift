import ReaderUSB
import Testing

@Suite("Known readers")
struct KnownReaderTests {
  @Test("No number is listed twice")
  func unique() {
    #expect(Set(KnownReader.all.map(\.identifier)).count == KnownReader.all.count)
  }

  /// The tables of pn53x_usb.c and acr122_usb.c in libnfc 1.8.0.
  static let libnfc: [(String, String)] = [
    ("04cc:0531", "pn53x_usb"), ("04cc:2533", "pn53x_usb"), ("04e6:5591", "pn53x_usb"),
    ("04e6:5594", "pn53x_usb"), ("054c:0193", "pn53x_usb"), ("1fd3:0608", "pn53x_usb"),
    ("054c:02e1", "pn53x_usb"), ("072f:2200", "acr122_usb"), ("072f:90cc", "acr122_usb"),
    ("072f:2214", "acr122_usb"),
  ]

  @Test("Exactly what libnfc's USB drivers know is drivable")
  func driven() {
    let drivable = KnownReader.all.filter(\.isDrivable)
    #expect(Set(drivable.map(\.identifier.description)) == Set(Self.libnfc.map(\.0)))
    for (identifier, driver) in Self.libnfc {
      let reader = drivable.first { $0.identifier.description == identifier }
      #expect(reader?.access == .libnfc(driver: driver))
    }
  }

  @Test(
    "Every number in the udev rules that libnfc's package brings is drivable",
    .enabled(if: FileTree.system.exists("/lib/udev/rules.d/93-pn53x.rules")))
  func packagedRules() {
    let rules = FileTree.system.text("/lib/udev/rules.d/93-pn53x.rules") ?? ""
    let numbers = rules.split(separator: "\n").filter { $0.hasPrefix("ATTRS{idVendor}") }.map {
      $0.split(separator: "\"")
    }
    #expect(numbers.count >= 9)
    let drivable = Set(KnownReader.all.filter(\.isDrivable).map(\.identifier.description))
    for parts in numbers where parts.count > 3 {
      #expect(drivable.contains("\(parts[1]):\(parts[3])"))
    }
  }

  @Test(
    "PC/SC readers that libnfc does not drive have the names libccid knows them by",
    .enabled(if: FileTree.system.exists("/etc/libccid_Info.plist")))
  func packagedNames() throws {
    let list = try #require(FileTree.system.text("/etc/libccid_Info.plist", limit: 1 << 20))
    for reader in KnownReader.all where reader.access == .none("it works with PC/SC programs") {
      #expect(list.contains("0x\(reader.identifier.vendorText.uppercased())"), "\(reader.name)")
      #expect(list.contains("0x\(reader.identifier.productText.uppercased())"), "\(reader.name)")
    }
  }

  @Test("A reset is never allowed for a reader it may kill")
  func resets() {
    for reader in KnownReader.all where reader.chip == .pn533 || reader.chip == .pn531 {
      #expect(!reader.quirks.contains(.mayReset))
    }
    #expect(PortReset.isAllowed(for: USBIdentifier(0x072F, 0x2200)))
    #expect(!PortReset.isAllowed(for: USBIdentifier(0x04E6, 0x5591)))
    #expect(!PortReset.isAllowed(for: USBIdentifier(0x1234, 0x5678)))
  }

  @Test("Every quirk has a name")
  func quirkNames() {
    let named = ReaderQuirks.explanations.reduce(into: ReaderQuirks()) { $0.insert($1.quirk) }
    for reader in KnownReader.all { #expect(named.isSuperset(of: reader.quirks)) }
  }
}
