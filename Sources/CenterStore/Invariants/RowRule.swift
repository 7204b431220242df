/// A rule over rows: a query that finds those that break it and names each in its first column.
struct RowRule {
  let rule: String
  let query: String

  static let all: [RowRule] = cards + registrations + devices + transactions

  private static let cards = [
    RowRule(
      rule: "an active card's application is issued",
      query: """
        SELECT 'card ' || cards.number FROM cards
          JOIN applications ON applications.number = cards.application
        WHERE cards.state IN ('active', 'lost')
          AND (applications.state <> 'issued' OR applications.card IS NOT cards.number)
        """),
    RowRule(
      rule: "an application being personalised has a card that is reserved or keyed",
      query: """
        SELECT 'application ' || applications.id FROM applications
          JOIN cards ON cards.number = applications.card
        WHERE applications.state = 'personalizing'
          AND (cards.state NOT IN ('reserved', 'keyed') OR cards.application <> applications.number)
        """),
    RowRule(
      rule: "a reserved or keyed card belongs to an application being personalised",
      query: """
        SELECT 'card ' || cards.number FROM cards
          JOIN applications ON applications.number = cards.application
        WHERE cards.state IN ('reserved', 'keyed')
          AND (applications.state <> 'personalizing' OR applications.card IS NOT cards.number)
        """),
    RowRule(
      rule: "an issued application's card was activated",
      query: """
        SELECT 'application ' || applications.id FROM applications
          JOIN cards ON cards.number = applications.card
        WHERE applications.state = 'issued' AND cards.state IN ('reserved', 'keyed')
        """),
    RowRule(
      rule: "a card belongs to the customer and the institution of its application",
      query: """
        SELECT 'card ' || cards.number FROM cards
          JOIN applications ON applications.number = cards.application
        WHERE cards.customer <> applications.customer OR cards.issuer <> applications.institution
        """),
    RowRule(
      rule: "a card's vendor code is its issuer's",
      query: """
        SELECT 'card ' || cards.number FROM cards
          JOIN institutions ON institutions.code = cards.issuer
        WHERE institutions.vendor_code IS NOT cards.vendor_code
        """),
  ]

  private static let registrations = [
    RowRule(
      rule: "an active card is registered with its issuer",
      query: """
        SELECT 'card ' || number FROM cards
        WHERE state = 'active' AND NOT EXISTS (
          SELECT 1 FROM registrations
          WHERE registrations.card = cards.number AND registrations.institution = cards.issuer
            AND registrations.channel = 'issue' AND registrations.state = 'registered')
        """),
    RowRule(
      rule: "only an active card has registrations that are not withdrawn",
      query: """
        SELECT 'registration ' || registrations.id FROM registrations
          JOIN cards ON cards.number = registrations.card
        WHERE registrations.state <> 'withdrawn' AND cards.state <> 'active'
        """),
  ]

  private static let devices = [
    RowRule(
      rule: "only active cards are on devices, under their own issuer",
      query: """
        SELECT 'card ' || cards.number || ' on device ' || device_cards.device FROM device_cards
          JOIN cards ON cards.number = device_cards.card
        WHERE cards.state <> 'active' OR cards.issuer <> device_cards.issuer
        """),
    RowRule(
      rule: "only active devices have cards",
      query: """
        SELECT 'device ' || devices.id FROM device_cards
          JOIN devices ON devices.number = device_cards.device
        WHERE devices.state <> 'active'
        """),
    RowRule(
      rule: "a device that is gone has no certificate that is good",
      query: """
        SELECT 'device ' || devices.id FROM devices
          JOIN certificates ON certificates.role = 'device' AND certificates.subject = devices.id
        WHERE devices.state <> 'active' AND certificates.revoked_at IS NULL
        """),
    RowRule(
      rule: "events are of devices and cards that there are",
      query: """
        SELECT 'event ' || number FROM device_events
        WHERE device NOT IN (SELECT number FROM devices)
          OR card NOT IN (SELECT number FROM cards)
        """),
  ]

  private static let transactions = [
    RowRule(
      rule: "open transactions are of active cards",
      query: """
        SELECT 'transaction ' || transactions.id FROM transactions
          JOIN cards ON cards.number = transactions.card
        WHERE transactions.state IN ('pending', 'claimed') AND cards.state <> 'active'
        """),
    RowRule(
      rule: "open transactions are of cards registered with their institution",
      query: """
        SELECT 'transaction ' || transactions.id FROM transactions
        WHERE transactions.state IN ('pending', 'claimed') AND NOT EXISTS (
          SELECT 1 FROM registrations
          WHERE registrations.card = transactions.card
            AND registrations.institution = transactions.institution
            AND registrations.state = 'registered')
        """),
    RowRule(
      rule: "a pending transaction has all its attempts",
      query: """
        SELECT 'transaction ' || id FROM transactions
        WHERE state = 'pending' AND attempts_left <> 5
        """),
  ]
}
