extension Schema {
  /// What no row may do, whoever writes it: states go forward, counters and challenge times rise,
  /// the record is only added to.
  static let rules = """
    CREATE TRIGGER cards_go_forward BEFORE UPDATE OF state ON cards
      WHEN NOT (
        (OLD.state = 'reserved' AND NEW.state IN ('keyed', 'retired'))
        OR (OLD.state = 'keyed' AND NEW.state IN ('keyed', 'active', 'retired'))
        OR (OLD.state = 'active' AND NEW.state IN ('lost', 'retired')))
      BEGIN SELECT RAISE(ABORT, 'a card goes forward only'); END;

    CREATE TRIGGER transactions_go_forward BEFORE UPDATE OF state ON transactions
      WHEN NOT (
        (OLD.state = 'pending' AND NEW.state IN ('claimed', 'cancelled', 'expired'))
        OR (OLD.state = 'claimed'
          AND NEW.state IN ('claimed', 'verified', 'rejected', 'cancelled', 'expired')))
      BEGIN SELECT RAISE(ABORT, 'a transaction goes forward only'); END;

    CREATE TRIGGER transactions_are_fixed BEFORE UPDATE OF
        id, institution, card, kind, fields, nonce, created_at ON transactions
      BEGIN SELECT RAISE(ABORT, 'a transaction''s details are fixed'); END;

    CREATE TRIGGER challenge_times_rise BEFORE UPDATE OF challenge_time ON transactions
      WHEN OLD.challenge_time IS NOT NULL
        AND (NEW.challenge_time IS NULL OR NEW.challenge_time <= OLD.challenge_time)
      BEGIN SELECT RAISE(ABORT, 'challenge times rise'); END;

    CREATE TRIGGER applications_go_forward BEFORE UPDATE OF state ON applications
      WHEN OLD.state IN ('issued', 'withdrawn')
      BEGIN SELECT RAISE(ABORT, 'the application is closed'); END;

    CREATE TRIGGER registrations_go_forward BEFORE UPDATE OF state ON registrations
      WHEN NOT (
        (OLD.state = 'awaiting-proof' AND NEW.state IN ('registered', 'withdrawn'))
        OR (OLD.state = 'registered' AND NEW.state = 'withdrawn'))
      BEGIN SELECT RAISE(ABORT, 'a registration goes forward only'); END;

    CREATE TRIGGER devices_go_forward BEFORE UPDATE OF state ON devices
      WHEN OLD.state <> 'active'
      BEGIN SELECT RAISE(ABORT, 'a device that is gone stays gone'); END;

    CREATE TRIGGER token_counters_rise BEFORE UPDATE OF next_counter, last_step ON tokens
      WHEN NEW.next_counter < OLD.next_counter OR NEW.last_step < OLD.last_step
      BEGIN SELECT RAISE(ABORT, 'counters rise'); END;

    CREATE TRIGGER codes_are_used_once BEFORE UPDATE OF used_at ON registration_codes
      WHEN OLD.used_at IS NOT NULL
      BEGIN SELECT RAISE(ABORT, 'a registration code is used once'); END;

    CREATE TRIGGER device_cards_in_use BEFORE INSERT ON device_cards
      WHEN NOT EXISTS (
        SELECT 1 FROM cards, devices
        WHERE cards.number = NEW.card AND cards.state = 'active' AND cards.issuer = NEW.issuer
          AND devices.number = NEW.device AND devices.state = 'active')
      BEGIN SELECT RAISE(ABORT, 'only an active card is put on an active device'); END;

    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'the record is only added to'); END;
    CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'the record is only added to'); END;
    """
}
