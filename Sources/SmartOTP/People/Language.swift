/// A language the appliance speaks; BCP 47.
public enum Language: String, CaseIterable, Sendable, Codable {
  case english = "en"
  case korean = "ko"
  case hindi = "hi"
}
