import Cryptography
import HTTPService
import HTTPTypes
import NIOCore
import SmartOTP

extension CenterAPI {
  /// Whether the process runs.
  func health(_ call: Call) -> Answer { Answer(.ok, "text/plain", ByteBuffer(string: "ok\n")) }

  /// Whether the store answers.
  func readiness(_ call: Call) async throws -> Answer {
    do {
      try await store.check()
    } catch {
      throw Refusal(.unavailable)
    }
    return Answer(.ok, "text/plain", ByteBuffer(string: "ready\n"))
  }

  func figures(_ call: Call) -> Answer {
    var text = PrometheusText()
    text.write(figures)
    text.gauge("smartotp_event_streams", "Open event streams.", streams.total)
    text.write(ProcessFigures.current())
    return Answer(.ok, PrometheusText.contentType, ByteBuffer(string: text.text))
  }

  func description(_ call: Call) -> Answer {
    Answer(.ok, "application/yaml", ByteBuffer(bytes: PackageResources.openapi_yaml))
  }

  /// The authority's revocation list, made for whoever asks: it is good for a day.
  func revocationList(_ call: Call) async throws -> Answer {
    let revocations = try await store.revokedCertificates(at: call.now).map {
      Revocation(serial: $0.serial, date: ($0.revokedAt ?? call.now).seconds)
    }
    let list = try authority.revocationList(
      of: revocations, number: UInt64(clamping: call.now.seconds),
      thisUpdate: call.now.seconds, nextUpdate: call.now.seconds + 86_400)
    return Answer(.ok, "application/pkix-crl", ByteBuffer(bytes: list.der))
  }

  func audit(_ call: Call) async throws -> Page<AuditRecord> {
    try await store.audit(call.page())
  }
}
