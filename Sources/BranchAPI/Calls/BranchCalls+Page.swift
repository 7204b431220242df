import HTTPTypes
import NIOCore

extension BranchCalls {
  /// Only what this server gives out itself runs or is shown, and nobody may frame it.
  private static let contentSecurityPolicy = """
    default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    """

  func page(_ call: Call) async throws -> Answer {
    Self.file(PackageResources.status_html, "text/html; charset=utf-8")
  }

  func style(_ call: Call) async throws -> Answer {
    Self.file(PackageResources.status_css, "text/css; charset=utf-8")
  }

  func script(_ call: Call) async throws -> Answer {
    Self.file(PackageResources.status_js, "text/javascript; charset=utf-8")
  }

  func view(_ call: Call) async throws -> Answer {
    Self.file(PackageResources.status_view_js, "text/javascript; charset=utf-8")
  }

  func description(_ call: Call) async throws -> Answer {
    Self.file(PackageResources.openapi_yaml, "application/yaml")
  }

  private static func file(_ bytes: [UInt8], _ type: String) -> Answer {
    var answer = Answer(.ok, type, ByteBuffer(bytes: bytes))
    answer.headers[.contentSecurityPolicy] = contentSecurityPolicy
    answer.headers[.referrerPolicy] = "no-referrer"
    answer.headers[.openerPolicy] = "same-origin"
    answer.headers[.resourcePolicy] = "same-origin"
    return answer
  }
}
