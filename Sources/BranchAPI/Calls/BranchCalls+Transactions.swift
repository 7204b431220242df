import Appliance
import Cryptography
import NIOCore
import SmartOTP

extension BranchCalls {
  /// Under one Idempotency-Key a transaction is posted once: the key goes on to the centre, so that one
  /// whose answer was lost, or that is sent again after a start of the appliance, is the same there.
  func submit(_ call: Call) async throws -> Answer {
    let transaction = try MessageCoding.decode(LocalTransaction.self, from: call.body)
    guard let key = try call.idempotencyKey() else { return try await post(transaction, nil) }
    let digest = try sha256(Array(call.body.readableBytesView))
    if let answer = try keys.begin(key, digest: digest) { return answer }
    do {
      let answer = try await post(transaction, key)
      keys.end(key, answer)
      return answer
    } catch {
      keys.end(key, nil)
      throw error
    }
  }

  private func post(_ transaction: LocalTransaction, _ key: String?) async throws -> Answer {
    try .json(await control.submit(transaction, idempotencyKey: key), .created)
  }
}
