import HTTPService

/// Figures in Prometheus' text format, version 0.0.4.
struct PrometheusText {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"
  private(set) var text = ""

  mutating func write(_ figures: Figures) {
    let name = "smartotp_http_request_duration_seconds"
    describe(name, "histogram", "Time from a request's head to its answer, by route and status.")
    for route in figures.snapshot() {
      for (status, histogram) in route.byStatus {
        write(
          name, "method=\"\(route.method)\",route=\"\(route.path)\",status=\"\(status)\"",
          histogram)
      }
    }
    gauge(
      "smartotp_requests_in_flight", "Requests that wait for the store or are being answered.",
      figures.requestsInFlight)
  }

  mutating func write(_ process: ProcessFigures) {
    if let bytes = process.residentByteCount {
      gauge("process_resident_memory_bytes", "Resident memory.", bytes)
    }
    if let count = process.openDescriptorCount {
      gauge("process_open_fds", "Open file descriptors.", count)
    }
    describe("process_cpu_seconds_total", "counter", "Processor time.")
    text += "process_cpu_seconds_total \(process.processorSeconds)\n"
  }

  mutating func gauge(_ name: String, _ help: String, _ value: Int) {
    describe(name, "gauge", help)
    text += "\(name) \(value)\n"
  }

  private mutating func write(_ name: String, _ labels: String, _ histogram: Histogram) {
    var sum: UInt64 = 0
    for (bound, count) in zip(Histogram.bounds, histogram.counts) {
      sum += count
      text += "\(name)_bucket{\(labels),le=\"\(Double(bound) / 1e6)\"} \(sum)\n"
    }
    text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(histogram.count)\n"
    text += "\(name)_sum{\(labels)} \(Double(histogram.sumOfMicroseconds) / 1e6)\n"
    text += "\(name)_count{\(labels)} \(histogram.count)\n"
  }

  private mutating func describe(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }
}
