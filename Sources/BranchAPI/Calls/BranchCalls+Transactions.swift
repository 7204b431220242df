import Appliance
import Cryptography
import HTTPService
import NIOCore
import SmartOTP

extension BranchCalls {
  /// Under one Idempotency-Key a transaction is posted once at most: what is not known to have failed
  /// is not tried again.
  func submit(_ call: Call) async throws -> Answer {
    let transaction = try MessageCoding.decode(LocalTransaction.self, from: call.body)
    guard let key = try call.idempotencyKey() else { return try await post(transaction) }
    let digest = try sha256(Array(call.body.readableBytesView))
    if let answer = try keys.begin(key, digest: digest) { return answer }
    do {
      let answer = try await post(transaction)
      keys.end(key, answer)
      return answer
    } catch let refusal as BranchRefusal where refusal.leavesDoubt {
      keys.end(key, Self.doubtful(refusal, key))
      throw refusal
    } catch {
      keys.end(key, nil)
      throw error
    }
  }

  private func post(_ transaction: LocalTransaction) async throws -> Answer {
    try .json(await control.submit(transaction), .created)
  }

  /// The answer to the same request sent again.
  private static func doubtful(_ refusal: BranchRefusal, _ key: String) -> Answer {
    let detail =
      "the centre may have taken this transaction when it was first sent; look there, and post it under another key if it did not"
    return .problem(
      BranchProblem(.centerInterrupted, detail), requestID: RequestID.random())
  }
}
