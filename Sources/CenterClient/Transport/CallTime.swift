import SmartOTP

/// Runs `body`, which answers to cancellation, until `deadline` at the latest.
///
/// - Throws: `timedOut` at the deadline.
func withDeadline<Value: Sendable>(
  _ deadline: ContinuousClock.Instant,
  _ body: @escaping @Sendable () async throws(CenterServiceError) -> Value
) async throws(CenterServiceError) -> Value {
  let result = await withTaskGroup(of: Result<Value, CenterServiceError>?.self) { group in
    group.addTask {
      do throws(CenterServiceError) { return .success(try await body()) } catch {
        return .failure(error)
      }
    }
    group.addTask {
      try? await Task.sleep(until: deadline)
      return nil
    }
    let first = await group.next() ?? nil
    group.cancelAll()
    return first
  }
  guard let result else {
    if Task.isCancelled { throw .cancelled }
    throw .timedOut
  }
  return try result.get()
}
