import Appliance
import SmartOTP

extension ScriptedAppliance {
  /// With nothing wrong, and nothing to do.
  public static var healthy: ApplianceStatus {
    var counters = ApplianceCounters()
    counters.taps = 12
    counters.codesShown = 5
    return ApplianceStatus(
      version: "0.1.0", phase: .idle, secondsLeft: nil, transaction: nil, waiting: 0,
      impediments: [],
      reader: ReaderCondition(
        connstring: "acr122_usb:001:004", isThere: true, chip: "PN532 1.6"),
      center: CenterCondition(
        address: "centre.example:8443", isThere: true,
        device: try? DeviceID("dev-0123456789ABCDEF"),
        certificateExpiresAt: UnixTime(1_858_600_000)),
      displays: [
        DisplayCondition(name: "terminal", works: true),
        DisplayCondition(name: "lcd", works: false, trouble: "/dev/i2c-1: no such device"),
      ],
      counters: counters,
      troubles: [Trouble(time: UnixTime(1_795_500_000), text: "lcd: /dev/i2c-1: no such device")],
      uptimeSeconds: 93_784)
  }

  /// A report with a check of each finding, as `smartotp doctor --json` words them.
  public static let report = """
    {"checks":[\
    {"check":"libnfc-version","group":"platform","title":"libnfc is new enough","finding":"pass",\
    "seen":"1.8.0","help":"Hardware/troubleshooting.md"},\
    {"check":"usb-power","group":"bus","title":"The port gives enough power","finding":"warn",\
    "seen":"under-voltage","cause":"the power supply is weak","fix":"use the official one",\
    "fixKind":"advice","status":74,"help":"Hardware/troubleshooting.md"},\
    {"check":"device-node","group":"permissions","title":"The node may be opened","finding":"fail",\
    "seen":"/dev/bus/usb/001/004 crw-rw-r-- root root","cause":"no udev rule for it",\
    "fix":"sudo udevadm trigger","fixKind":"automatic","status":77,\
    "help":"Hardware/troubleshooting.md"},\
    {"check":"chip-answers","group":"chip","title":"The chip answers","finding":"blocked",\
    "seen":"not tried","blockedBy":"device-node","help":"Hardware/troubleshooting.md"}],\
    "verdict":{"verdict":"The reader cannot be opened: sudo udevadm trigger","status":77,\
    "counts":{"pass":1,"warn":1,"fail":1,"blocked":1,"not-applicable":0}}}
    """

  /// What a bank posted for a card.
  public static func transaction() throws -> Transaction {
    Transaction(
      id: try TransactionID("T-0001"), institution: try InstitutionCode("004"),
      card: try CardIdentity("K01:12345678"), kind: .transfer,
      fields: [
        TransactionField(label: "payee", value: "시험용 수취인"),
        TransactionField(label: "amount", value: "KRW 1500000"),
      ],
      reference: nil, state: .pending, createdAt: UnixTime(1_795_500_000),
      expiresAt: UnixTime(1_795_500_300), attemptsLeft: 5,
      nonce: "000102030405060708090A0B0C0D0E0F",
      challengeTime: nil)
  }
}
