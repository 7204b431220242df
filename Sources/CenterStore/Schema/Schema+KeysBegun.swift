extension Schema {
  /// Which card the keys were begun on; once noted, it stays.
  static let keysBegun = """
    ALTER TABLE cards ADD COLUMN begun_on BLOB CHECK (length(begun_on) BETWEEN 1 AND 64);

    CREATE TRIGGER keys_are_begun_once BEFORE UPDATE OF begun_on ON cards
      WHEN OLD.begun_on IS NOT NULL AND NEW.begun_on IS NOT OLD.begun_on
      BEGIN SELECT RAISE(ABORT, 'keys go on one card'); END;
    """
}
