import Appliance
import HTTPService

extension PrometheusText {
  mutating func write(_ status: ApplianceStatus) {
    describe("smartotpd_info", "gauge", "The program that runs.")
    sample("smartotpd_info", ["version": status.version], "1")
    gauge("smartotpd_uptime_seconds", "Since the appliance started.", status.uptimeSeconds)
    describe("smartotpd_phase", "gauge", "1 for the phase of the session, 0 for the others.")
    for phase in ApplianceStatus.Phase.allCases {
      sample("smartotpd_phase", ["phase": phase.rawValue], phase == status.phase ? "1" : "0")
    }
    gauge("smartotpd_reader_up", "Whether the reader is there.", status.reader.isThere ? 1 : 0)
    gauge(
      "smartotpd_card_present", "Whether a card is on the reader.",
      status.reader.cardIsThere ? 1 : 0)
    gauge(
      "smartotpd_center_up", "Whether the centre can be reached.", status.center.isThere ? 1 : 0)
    if let time = status.center.certificateExpiresAt {
      gauge(
        "smartotpd_certificate_expires_timestamp_seconds",
        "When the device's certificate runs out.", time.seconds)
    }
    gauge(
      "smartotpd_transactions_waiting", "Transactions that wait their turn.", status.waiting)
    gauge(
      "smartotpd_impediments", "What keeps the appliance from making codes.",
      status.impediments.count)
    write(status.displays)
    write(status.counters)
  }

  private mutating func write(_ displays: [DisplayCondition]) {
    guard !displays.isEmpty else { return }
    describe("smartotpd_display_up", "gauge", "Whether the display works.")
    for display in displays {
      sample("smartotpd_display_up", ["display": display.name], display.works ? "1" : "0")
    }
  }

  private mutating func write(_ counters: ApplianceCounters) {
    counter("smartotpd_taps_total", "Cards put on the reader.", counters.taps)
    counter("smartotpd_codes_shown_total", "Codes that were shown.", counters.codesShown)
    counter("smartotpd_codes_failed_total", "Codes that were not made.", counters.codesFailed)
    describe("smartotpd_transactions_total", "counter", "Transactions, by what became of them.")
    let transactions: KeyValuePairs = [
      "pushed": counters.transactionsPushed, "claimed": counters.transactionsClaimed,
      "cancelled": counters.transactionsCancelled,
    ]
    for (step, count) in transactions {
      sample("smartotpd_transactions_total", ["step": step], "\(count)")
    }
    counter("smartotpd_reader_losses_total", "Times the reader was lost.", counters.readerLosses)
    counter("smartotpd_center_losses_total", "Times the centre was lost.", counters.centerLosses)
  }

  mutating func write(_ figures: BranchFigures) {
    let name = "smartotpd_branch_requests_total"
    describe(name, "counter", "Requests that were answered, by route and status.")
    for (key, count) in figures.snapshot() {
      sample(
        name, ["method": key.method, "route": key.route, "status": "\(key.status)"], "\(count)")
    }
  }

  mutating func write(_ process: ProcessFigures) {
    if let bytes = process.residentByteCount {
      gauge("process_resident_memory_bytes", "Resident memory.", bytes)
    }
    describe("process_cpu_seconds_total", "counter", "Processor time.")
    sample("process_cpu_seconds_total", [:], "\(process.processorSeconds)")
  }
}
