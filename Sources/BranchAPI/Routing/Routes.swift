extension BranchCalls {
  /// The whole API. A GET answers HEAD as well.
  static let routes: [Route] = [
    .get("/", .anyone, BranchCalls.page),
    .get("/status.css", .anyone, BranchCalls.style),
    .get("/status.js", .anyone, BranchCalls.script),
    .get("/status-view.js", .anyone, BranchCalls.view),
    .get("/openapi.yaml", .anyone, BranchCalls.description),
    .get("/healthz", .anyone, BranchCalls.health),
    .get("/metrics", .token, BranchCalls.figures),
    .get("/v1/status", .token, BranchCalls.status),
    .get("/v1/session", .token, BranchCalls.session),
    .post("/v1/session/cancel", BranchCalls.cancel),
    .post("/v1/transactions", takesMessage: true, within: 30, BranchCalls.submit),
    .get("/v1/events", .token, within: nil, BranchCalls.events),
    .get("/v1/readers", .token, within: 20, BranchCalls.readers),
    .post("/v1/reader/loan", within: nil, BranchCalls.lendReader),
    .get("/v1/doctor", .token, within: 60, BranchCalls.doctor),
  ]
}
