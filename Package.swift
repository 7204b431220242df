// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] =
  [.swiftLanguageMode(.v6)]
  + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
  name: "smart-otp-reader",
  products: [
    .library(name: "SmartCard", targets: ["SmartCard"]),
    .library(name: "OneTimePassword", targets: ["OneTimePassword"]),
    .library(name: "Reader", targets: ["Reader"]),
    .library(name: "ReaderUSB", targets: ["ReaderUSB"]),
    .library(name: "OTPCard", targets: ["OTPCard"]),
    .library(name: "Simulation", targets: ["Simulation"]),
    .executable(name: "smartotp", targets: ["smartotp"]),
    .executable(name: "smartotpd", targets: ["smartotpd"]),
    .executable(name: "smartotp-center", targets: ["smartotp-center"]),
    .executable(name: "smartotp-reader", targets: ["smartotp-reader"]),
    .executable(name: "smartotp-sim", targets: ["smartotp-sim"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
  ],
  targets: [
    // Pure core: values only, no Foundation, compiles as Embedded Swift.
    .target(name: "SmartCard", swiftSettings: strict),
    .target(name: "OneTimePassword", swiftSettings: strict),
    .target(name: "PN53x", dependencies: ["SmartCard"], swiftSettings: strict),

    // The C libraries, one module map each.
    .systemLibrary(name: "CNFC", pkgConfig: "libnfc", providers: [.apt(["libnfc-dev"])]),
    .systemLibrary(name: "CLinux"),
    .systemLibrary(
      name: "CUSB", pkgConfig: "libusb-1.0", providers: [.apt(["libusb-1.0-0-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: strict),

    // Where calls that block may block.
    .target(name: "Threads", swiftSettings: strict),

    // Cards.
    .target(
      name: "OTPCard", dependencies: ["SmartCard", "OneTimePassword", "Cryptography"],
      swiftSettings: strict),

    // Key files of vendors (RFC 6030). For the centre; the only module with an XML parser.
    .target(
      name: "PSKC", dependencies: ["Cryptography", "OneTimePassword"], swiftSettings: strict),

    // The reader: what crosses the pipe, the process behind it, and the side programs use.
    .target(name: "ReaderWire", dependencies: ["PN53x", "SmartCard"], swiftSettings: strict),
    .target(
      name: "ReaderDriver", dependencies: ["CLinux", "CNFC", "PN53x", "SmartCard", "ReaderWire"],
      swiftSettings: strict),
    .target(
      name: "Reader", dependencies: ["CLinux", "PN53x", "SmartCard", "ReaderWire", "Threads"],
      swiftSettings: strict),

    // What is on the USB, named by its place.
    .target(
      name: "ReaderUSB", dependencies: ["CLinux", "CUSB", "Reader", "Threads"],
      swiftSettings: strict),

    // What a line of `smartotp apdu` asks for: values only.
    .target(name: "APDUScript", dependencies: ["SmartCard"], swiftSettings: strict),

    // Why a reader does not work: every check a value.
    .target(
      name: "Diagnosis",
      dependencies: ["CLinux", "PN53x", "Reader", "ReaderUSB", "SmartCard", "Threads"],
      swiftSettings: strict),

    // What crossed the air, as a file for Wireshark and in words.
    .target(name: "Trace", dependencies: ["PN53x", "SmartCard"], swiftSettings: strict),

    .target(
      name: "Simulation", dependencies: ["SmartCard", "OneTimePassword", "Cryptography"],
      swiftSettings: strict),

    // The service's own words: who and what there is, and the messages of the centre's API.
    .target(
      name: "SmartOTP", dependencies: ["Cryptography", "OneTimePassword"], swiftSettings: strict),

    // The authentication centre: its rules and what it needs of a database; SQLite; HTTP; a client.
    .target(
      name: "Center", dependencies: ["Cryptography", "OneTimePassword", "SmartOTP"],
      swiftSettings: strict),
    .target(
      name: "CenterStore",
      dependencies: [
        "Center",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    // What the centre's and the appliance's servers do alike.
    .target(
      name: "HTTPService",
      dependencies: [
        "SmartOTP",
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "CenterServer",
      dependencies: [
        "Center", "Cryptography", "HTTPService", "OneTimePassword", "SmartOTP",
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.embedInCode("openapi.yaml")],
      swiftSettings: strict),
    // The branch API from the other side: what our own programs ask of a running smartotpd.
    .target(
      name: "BranchClient",
      dependencies: [
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "CenterClient",
      dependencies: [
        "Cryptography", "SmartOTP",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict),
    // The unattended loop from transaction to code, and what it needs of displays and centre.
    .target(
      name: "Appliance",
      dependencies: [
        "Cryptography", "DeviceIdentity", "OTPCard", "Reader", "SmartCard", "SmartOTP",
      ],
      swiftSettings: strict),
    // What the displays say, in each language.
    .target(name: "Messages", dependencies: ["Appliance", "SmartOTP"], swiftSettings: strict),
    // What stands before the customer: displays, keyboard output, lights, buttons.
    .target(
      name: "Panel", dependencies: ["Appliance", "CLinux", "Messages", "SmartOTP", "Threads"],
      swiftSettings: strict),
    // What the branch's software and the technician's browser talk to.
    .target(
      name: "BranchAPI",
      dependencies: [
        "Appliance", "Cryptography", "HTTPService", "Messages", "SmartOTP",
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [
        .embedInCode("openapi.yaml"), .embedInCode("Page/status.html"),
        .embedInCode("Page/status.css"), .embedInCode("Page/status.js"),
        .embedInCode("Page/status-view.js"),
      ],
      swiftSettings: strict),
    // Whether this machine may make codes: checks at the start (S11, S13).
    .target(
      name: "Permissions",
      dependencies: [
        "Appliance", "CLinux", "Cryptography", "DeviceIdentity", "ReaderUSB", "Threads",
      ],
      swiftSettings: strict),
    // The appliance's configuration file.
    .target(
      name: "Settings",
      dependencies: ["CLinux", "SmartOTP", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    // What systemd offers a service: readiness, watchdog, journal, credentials, sockets.
    .target(
      name: "Systemd",
      dependencies: [.product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),

    // Who this machine is at the centre, and the access keys of its cards, at rest.
    .target(
      name: "DeviceIdentity", dependencies: ["Cryptography", "SmartOTP"], swiftSettings: strict),
    .executableTarget(
      name: "smartotp-center",
      dependencies: [
        "Center", "CenterServer", "CenterStore", "PSKC",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "smartotp",
      dependencies: [
        "APDUScript", "BranchClient", "CenterClient", "CLinux", "Cryptography", "DeviceIdentity",
        "Diagnosis", "OneTimePassword", "OTPCard", "Reader", "ReaderUSB", "SmartCard", "SmartOTP",
        "Threads", "Trace",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // The appliance as a service: wiring only.
    .executableTarget(
      name: "smartotpd",
      dependencies: [
        "Appliance", "BranchAPI", "CenterClient", "CLinux", "Cryptography", "DeviceIdentity",
        "Panel", "Permissions", "Reader", "ReaderUSB", "Settings", "SmartOTP", "Systemd", "Threads",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "smartotp-reader", dependencies: ["ReaderDriver"], swiftSettings: strict),
    .executableTarget(
      name: "smartotp-sim",
      dependencies: [
        "Simulation", "SmartCard",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What the sweeps have in common: the tap they disturb, and how late its answers are.
    .target(
      name: "TapMeasurement",
      dependencies: [
        "Cryptography", "OneTimePassword", "OTPCard", "Simulation", "SmartCard", "TestMaterial",
      ],
      path: "Tests/TapMeasurement", swiftSettings: strict),
    // Sweeps faults over a tap; a program, since it runs for minutes.
    .executableTarget(
      name: "fault-sweep",
      dependencies: [
        "OneTimePassword", "OTPCard", "Reader", "Simulation", "SmartCard", "TapMeasurement",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/FaultSweep", swiftSettings: strict),
    // Kills, stops and crashes the reader process during taps.
    .executableTarget(
      name: "kill-sweep",
      dependencies: [
        "OneTimePassword", "OTPCard", "Reader", "Simulation", "SmartCard", "TapMeasurement",
        "TestMaterial",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/KillSweep", swiftSettings: strict),
    // Meets a running reader with cards that say random things.
    .executableTarget(
      name: "card-fuzz",
      dependencies: [
        "Cryptography", "OneTimePassword", "OTPCard", "Reader", "Simulation", "SmartCard",
        "TapMeasurement", "TestMaterial",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/CardFuzz", swiftSettings: strict),

    // How fast the centre's store is, alone.
    .executableTarget(
      name: "store-bench",
      dependencies: [
        "Center", "CenterStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/StoreBench", swiftSettings: strict),

    // Kills users of the centre's store, and looks at what is left.
    .executableTarget(
      name: "store-kill",
      dependencies: [
        "Center", "CenterStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/StoreKill", swiftSettings: strict),

    // Measures the centre's verifications over TLS, and looks for a code that is taken twice.
    .executableTarget(
      name: "center-bench",
      dependencies: [
        "Center", "CenterStore", "Cryptography", "OneTimePassword", "SmartOTP",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      path: "Tests/CenterBench", swiftSettings: strict),

    // A scripted appliance behind the real branch API, for its tests and for browsers.
    .executableTarget(
      name: "branch-fixture",
      dependencies: [
        "Appliance", "BranchAPI", "Cryptography", "SmartOTP",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "Tests/BranchFixture", swiftSettings: strict),

    // What several tests work with: repeatable random bytes, hexadecimal, the transactions' vectors.
    .target(
      name: "TestMaterial", path: "Tests/TestMaterial", resources: [.copy("Vectors")],
      swiftSettings: strict),

    .testTarget(
      name: "SmartCardTests", dependencies: ["SmartCard", "TestMaterial"], swiftSettings: strict),
    .testTarget(
      name: "OneTimePasswordTests",
      dependencies: ["OneTimePassword", "Cryptography", "TestMaterial"], swiftSettings: strict),
    .testTarget(
      name: "SmartOTPDomainTests", dependencies: ["OneTimePassword", "SmartOTP", "TestMaterial"],
      path: "Tests/SmartOTPDomainTests", swiftSettings: strict),
    // An appliance on the real libnfc, with simulated hardware and a scripted centre.
    .target(
      name: "ApplianceScene",
      dependencies: [
        "Appliance", "Cryptography", "DeviceIdentity", "OneTimePassword", "OTPCard", "Reader",
        "Simulation", "SmartOTP",
      ],
      path: "Tests/ApplianceScene", swiftSettings: strict),
    .executableTarget(
      name: "appliance-bench",
      dependencies: [
        "Appliance", "ApplianceScene", "Simulation", "smartotp-reader",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/ApplianceBench", swiftSettings: strict),
    .testTarget(
      name: "ApplianceTests",
      dependencies: ["Appliance", "ApplianceScene", "Reader", "Simulation", "smartotp-reader"],
      swiftSettings: strict),
    .testTarget(name: "MessagesTests", dependencies: ["Messages"], swiftSettings: strict),
    .testTarget(name: "PanelTests", dependencies: ["Panel"], swiftSettings: strict),
    .testTarget(
      name: "BranchAPITests",
      dependencies: [
        "Appliance", "BranchAPI", "BranchClient", "Cryptography", "SmartOTP", "branch-fixture",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PermissionsTests",
      dependencies: [
        "Appliance", "Cryptography", "DeviceIdentity", "Permissions", "PlantedSystem", "ReaderUSB",
        "SmartOTP",
      ],
      swiftSettings: strict),
    .testTarget(name: "SettingsTests", dependencies: ["Settings"], swiftSettings: strict),
    .testTarget(name: "SystemdTests", dependencies: ["Systemd"], swiftSettings: strict),
    .testTarget(
      name: "CenterCommandTests", dependencies: ["smartotp-center"], swiftSettings: strict),
    .testTarget(name: "CenterTests", dependencies: ["Center"], swiftSettings: strict),
    .testTarget(
      name: "CenterStoreTests", dependencies: ["CenterStore", "store-kill"], swiftSettings: strict),
    .testTarget(
      name: "CenterClientTests",
      dependencies: [
        "CenterClient", "Cryptography", "SmartOTP",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DeviceIdentityTests", dependencies: ["DeviceIdentity"], swiftSettings: strict),
    .testTarget(
      name: "CenterServerTests",
      dependencies: [
        "CenterServer", "CenterStore",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ],
      swiftSettings: strict),
    .testTarget(name: "APDUScriptTests", dependencies: ["APDUScript"], swiftSettings: strict),
    .testTarget(
      name: "TraceTests", dependencies: ["PN53x", "SmartCard", "TestMaterial", "Trace"],
      swiftSettings: strict),
    .testTarget(name: "PN53xTests", dependencies: ["PN53x"], swiftSettings: strict),
    .testTarget(
      name: "CryptographyTests", dependencies: ["Cryptography", "TestMaterial"],
      swiftSettings: strict),
    .testTarget(
      name: "OTPCardTests", dependencies: ["OTPCard", "Simulation", "TestMaterial"],
      swiftSettings: strict),
    .testTarget(
      name: "PSKCTests", dependencies: ["PSKC"], resources: [.copy("Containers")],
      swiftSettings: strict),
    .testTarget(
      name: "ReaderWireTests", dependencies: ["PN53x", "ReaderWire"], swiftSettings: strict),
    .testTarget(
      name: "ReaderDriverTests", dependencies: ["CLinux", "PN53x", "ReaderDriver", "Simulation"],
      swiftSettings: strict),
    .testTarget(
      name: "ReaderTests",
      dependencies: [
        "OTPCard", "PN53x", "Reader", "ReaderDriver", "ReaderWire", "Simulation", "smartotp-reader",
      ],
      swiftSettings: strict),
    // A file tree that stands for a machine, for tests that plant faults in it.
    .target(
      name: "PlantedSystem", dependencies: ["ReaderUSB"], path: "Tests/PlantedSystem",
      swiftSettings: strict),
    .testTarget(
      name: "ReaderUSBTests", dependencies: ["PlantedSystem", "Reader", "ReaderUSB"],
      swiftSettings: strict),
    .testTarget(
      name: "DiagnosisTests",
      dependencies: [
        "Diagnosis", "PlantedSystem", "Reader", "ReaderUSB", "Simulation", "smartotp",
        "smartotp-reader",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SimulationTests", dependencies: ["Simulation", "SmartCard"], swiftSettings: strict),
    .testTarget(
      name: "SmartOTPTests",
      dependencies: [
        "CLinux", "Center", "CenterServer", "CenterStore", "Cryptography", "OTPCard", "Reader",
        "Simulation", "SmartCard", "SmartOTP", "Trace", "smartotp", "smartotp-reader",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
  ]
)
