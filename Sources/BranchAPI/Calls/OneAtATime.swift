import Appliance
import Synchronization

/// Something that is done once at a time.
final class OneAtATime: Sendable {
  private let isUnderWay = Atomic<Bool>(false)

  /// - Throws: `refusal` while it is under way, and what `body` throws.
  func run<Result>(
    or refusal: BranchRefusal, _ body: () async throws -> Result
  ) async throws -> Result {
    guard !isUnderWay.exchange(true, ordering: .acquiring) else { throw refusal }
    defer { isUnderWay.store(false, ordering: .releasing) }
    return try await body()
  }
}
