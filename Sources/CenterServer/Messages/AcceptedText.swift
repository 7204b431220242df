// Foundation, for the one thing that the standard library does not offer: normalisation.
import Foundation
import SmartOTP

/// How long texts may be, in UTF-8 bytes after normalisation.
enum TextLimits {
  static let name = 1...Institution.maximumNameByteCount
  static let customerName = 1...256
  static let contact = 1...256
  static let reason = 0...256
  static let reference = 1...128
}

extension String {
  /// Unicode normalisation form C.
  var normalized: String {
    utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
  }

  /// The text as the centre keeps and shows it.
  ///
  /// - Throws: `invalidValue` for a wrong length, and for characters that show nothing or change the
  ///   order of others: what a person reads must be what is there.
  func accepted(as key: String, byteCounts: ClosedRange<Int>) throws(Refusal) -> String {
    let text = normalized
    guard byteCounts.contains(text.utf8.count) else {
      throw Refusal(
        .invalidValue,
        "\(key): \(byteCounts.lowerBound) to \(byteCounts.upperBound) bytes of UTF-8")
    }
    guard text.unicodeScalars.allSatisfy(Self.isShown) else {
      throw Refusal(
        .invalidValue, "\(key): no control characters, line breaks or marks of direction")
    }
    return text
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F: true
    // Arabic letter mark, directional marks, embeddings, overrides and isolates (UAX 9); line and
    // paragraph separators.
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
    default: scalar.properties.generalCategory != .control
    }
  }
}
