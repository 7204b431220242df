extension Schema {
  /// What is confirmed with codes, and the record of everything.
  static let transactionTables = """
    CREATE TABLE transactions (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      institution TEXT NOT NULL REFERENCES institutions,
      card INTEGER NOT NULL REFERENCES cards,
      kind TEXT NOT NULL CHECK (kind IN ('transfer', 'certificate-reissue', 'login', 'other')),
      state TEXT NOT NULL CHECK (state IN
        ('pending', 'claimed', 'verified', 'rejected', 'cancelled', 'expired')),
      attempts_left INTEGER NOT NULL CHECK (attempts_left BETWEEN 0 AND 5),
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      nonce BLOB NOT NULL CHECK (length(nonce) = 16),
      challenge_time INTEGER,
      challenge BLOB CHECK (length(challenge) = 8),
      reference TEXT,
      fields BLOB NOT NULL,
      CHECK ((challenge_time IS NULL) = (challenge IS NULL)),
      CHECK (state <> 'pending' OR challenge_time IS NULL),
      CHECK (state NOT IN ('claimed', 'verified', 'rejected') OR challenge_time IS NOT NULL),
      CHECK ((state = 'rejected') = (attempts_left = 0))
    ) STRICT;
    CREATE INDEX transactions_by_institution ON transactions (institution, number);
    CREATE INDEX transactions_open ON transactions (card) WHERE state IN ('pending', 'claimed');

    CREATE TABLE tokens (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      institution TEXT NOT NULL REFERENCES institutions,
      kind TEXT NOT NULL CHECK (kind IN ('hotp', 'totp', 'ocra')),
      manufacturer TEXT NOT NULL,
      serial TEXT NOT NULL,
      hash TEXT CHECK (hash IN ('sha1', 'sha256', 'sha512')),
      digits INTEGER CHECK (digits BETWEEN 6 AND 8),
      period INTEGER CHECK (period > 0),
      epoch INTEGER,
      suite TEXT,
      next_counter INTEGER CHECK (next_counter >= 0),
      last_step INTEGER CHECK (last_step >= 0),
      drift INTEGER NOT NULL DEFAULT 0,
      wrong_codes INTEGER NOT NULL DEFAULT 0 CHECK (wrong_codes BETWEEN 0 AND 10),
      question TEXT,
      question_expires_at INTEGER,
      key BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (manufacturer, serial),
      CHECK (kind = 'ocra' OR (hash IS NOT NULL AND digits IS NOT NULL)),
      CHECK (kind <> 'totp' OR (period IS NOT NULL AND epoch IS NOT NULL)),
      CHECK (kind <> 'ocra' OR suite IS NOT NULL),
      CHECK (kind = 'totp' OR next_counter IS NOT NULL),
      CHECK ((question IS NULL) = (question_expires_at IS NULL))
    ) STRICT;
    CREATE INDEX tokens_by_institution ON tokens (institution, number);

    CREATE TABLE idempotency (
      number INTEGER PRIMARY KEY,
      actor TEXT NOT NULL,
      key TEXT NOT NULL,
      request_digest BLOB NOT NULL,
      sealed_response BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (actor, key)
    ) STRICT;
    CREATE INDEX idempotency_by_age ON idempotency (created_at);

    CREATE TABLE audit (
      number INTEGER PRIMARY KEY,
      time INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT NOT NULL,
      detail TEXT NOT NULL,
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;

    CREATE TABLE audit_head (
      number INTEGER PRIMARY KEY CHECK (number = 1),
      sealed BLOB NOT NULL
    ) STRICT;
    """
}
