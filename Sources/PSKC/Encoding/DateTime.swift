/// XML Schema's dateTime, years 1 to 9999, as Unix seconds. Without a time zone it is UTC.
enum DateTime {
  /// Reads `2006-05-01T00:00:00Z`, with an offset or a fraction of a second, which is dropped.
  static func seconds(_ text: String) -> Int64? {
    var digits = DateScanner(text)
    guard let year = digits.number(4), digits.skip("-"), let month = digits.number(2),
      digits.skip("-"), let day = digits.number(2), digits.skip("T"),
      let hour = digits.number(2), digits.skip(":"), let minute = digits.number(2),
      digits.skip(":"), let second = digits.number(2), digits.skipFraction(),
      let offset = digits.offset(), digits.isAtEnd
    else { return nil }
    guard year >= 1, (1...12).contains(month), (1...daysInMonth(month, of: year)).contains(day),
      minute < 60, second < 60, hour < 24 || (hour == 24 && minute == 0 && second == 0)
    else { return nil }
    return (days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second - offset
  }

  /// Nil outside of the years 1 to 9999.
  static func text(_ seconds: Int64) -> String? {
    guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return nil }
    let time = ((seconds % 86_400) + 86_400) % 86_400
    let (year, month, day) = date((seconds - time) / 86_400)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
      + "T\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))Z"
  }

  /// Days since 1970-01-01. Years begin in March, so that the leap day is the last one.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }

  private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let sinceYear0 = days + 719_468
    let era = sinceYear0 / 146_097
    let dayOfEra = sinceYear0 % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  private static func daysInMonth(_ month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func padded(_ number: Int64, _ count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }
}

/// Walks over a date's characters.
private struct DateScanner {
  private var rest: Substring.UTF8View

  init(_ text: String) {
    rest = text[...].utf8
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(_ digitCount: Int) -> Int64? {
    var number: Int64 = 0
    for _ in 0..<digitCount {
      guard let digit = rest.first, (0x30...0x39).contains(digit) else { return nil }
      number = number * 10 + Int64(digit - 0x30)
      rest.removeFirst()
    }
    return number
  }

  mutating func skipFraction() -> Bool {
    guard skip(".") else { return true }
    let fraction = rest.prefix { (0x30...0x39).contains($0) }
    rest.removeFirst(fraction.count)
    return !fraction.isEmpty
  }

  /// The time zone in seconds east of UTC, at most 14 hours.
  mutating func offset() -> Int64? {
    if isAtEnd || skip("Z") { return 0 }
    let isWest = skip("-")
    guard isWest || skip("+"), let hours = number(2), skip(":"), let minutes = number(2),
      hours * 60 + minutes <= 14 * 60, minutes < 60
    else { return nil }
    return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
  }
}
