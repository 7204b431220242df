import Appliance
import CenterClient
import Cryptography
import DeviceIdentity
import FoundationEssentials
import Settings
import SmartOTP

/// The branch's institution at the centre, where the settings name its certificate: it posts the
/// transactions that the teller's software enters.
struct InstitutionLine: Sendable {
  private let client: CenterClient

  /// - Throws: what is wrong with the files or the registration, in one line.
  init(
    _ settings: BranchSettings.Institution, device: DeviceState
  ) throws {
    guard let address = CenterAddress(device.record.center) else {
      throw CenterServiceError.unreachable("\(device.record.center) is no address")
    }
    var configuration = CenterClientConfiguration(address: address, authority: device.authority)
    var key = Array(try Data(contentsOf: URL(filePath: settings.key)))
    configuration.identity = ClientIdentity(
      certificates: Array(try Data(contentsOf: URL(filePath: settings.certificate))),
      key: SecretBytes(wiping: &key))
    client = try CenterClient(configuration)
  }

  func post(
    _ transaction: LocalTransaction, idempotencyKey: String?
  ) async throws(CenterServiceError) -> Transaction {
    try await client.post(
      TransactionRequest(
        card: transaction.card, kind: transaction.kind, fields: transaction.fields,
        reference: transaction.reference), idempotencyKey: idempotencyKey)
  }

  func shutdown() { client.abandon() }
}
