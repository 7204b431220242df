import Glibc

/// Runs a body on a thread of its own, outside Swift's pool, which no blocking call may hold up.
/// The owner lives at least as long as its thread.
func startThread<Owner: AnyObject & Sendable>(
  retaining owner: Owner, _ body: @escaping @Sendable (Owner) -> Void
) throws(SimulationError) -> pthread_t {
  let job = Unmanaged.passRetained(ThreadJob { body(owner) })
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<ThreadJob>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }, job.toOpaque())
  guard code == 0 else {
    job.release()
    throw .system(call: "pthread_create", errno: code)
  }
  return thread
}

private final class ThreadJob: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
