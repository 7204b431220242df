// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] =
  [.swiftLanguageMode(.v6)]
  + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

// USB readers without USB: simulated devices that unmodified programs open through umockdev.
let package = Package(
  name: "bench",
  dependencies: [
    .package(name: "smart-otp-reader", path: "../.."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CUMockdev", pkgConfig: "umockdev-1.0",
      providers: [.apt(["libumockdev-dev", "umockdev"])]),
    .systemLibrary(name: "CUSBDevFS"),

    .target(
      name: "USBBench",
      dependencies: [
        "CUMockdev", "CUSBDevFS", .product(name: "Simulation", package: "smart-otp-reader"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "usb-bench",
      dependencies: [
        "USBBench", .product(name: "Simulation", package: "smart-otp-reader"),
        .product(name: "SmartCard", package: "smart-otp-reader"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // Plays a tap once for every transfer and fault; a program, since it runs for minutes.
    .executableTarget(
      name: "usb-sweep",
      dependencies: [
        "USBBench",
        .product(name: "OneTimePassword", package: "smart-otp-reader"),
        .product(name: "OTPCard", package: "smart-otp-reader"),
        .product(name: "Reader", package: "smart-otp-reader"),
        .product(name: "ReaderUSB", package: "smart-otp-reader"),
        .product(name: "Simulation", package: "smart-otp-reader"),
        .product(name: "SmartCard", package: "smart-otp-reader"),
        .product(name: "smartotp-reader", package: "smart-otp-reader"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "USBBenchTests",
      dependencies: [
        "USBBench", "usb-bench",
        .product(name: "OTPCard", package: "smart-otp-reader"),
        .product(name: "Reader", package: "smart-otp-reader"),
        .product(name: "ReaderUSB", package: "smart-otp-reader"),
        .product(name: "Simulation", package: "smart-otp-reader"),
        .product(name: "SmartCard", package: "smart-otp-reader"),
        .product(name: "smartotp", package: "smart-otp-reader"),
        .product(name: "smartotp-reader", package: "smart-otp-reader"),
      ],
      swiftSettings: strict),
  ]
)
