import Glibc

/// The Date field (RFC 9110, 5.6.7). The C library's own way reads the time zone's file first.
enum HTTPDate {
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return text(at: time.tv_sec)
  }

  /// - Parameter seconds: since 1970; what lies before is taken for it.
  static func text(at seconds: Int) -> String {
    let seconds = max(seconds, 0)
    let day = seconds / 86_400
    let (year, month, dayOfMonth) = date(ofDay: day)
    let clock = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60].map(twoDigits)
    return "\(weekdays[day % 7]), \(twoDigits(dayOfMonth)) \(months[month]) \(year) "
      + clock.joined(separator: ":") + " GMT"
  }

  /// By the Gregorian calendar; the month from 0.
  private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
    // Years begin with March, so that the leap day is the last; eras are 400 of them.
    let shifted = day + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = (monthFromMarch + 2) % 12
    return (
      era * 400 + yearOfEra + (month < 2 ? 1 : 0), month,
      dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    )
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
