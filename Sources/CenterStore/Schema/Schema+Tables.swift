extension Schema {
  /// Who and what there is. Rows are joined by their numbers; ids are for the outside.
  static let tables = """
    CREATE TABLE secrets (
      name TEXT PRIMARY KEY,
      sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE institutions (
      code TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      vendor_code TEXT UNIQUE,
      suspended INTEGER NOT NULL CHECK (suspended IN (0, 1))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE certificates (
      serial BLOB PRIMARY KEY,
      subject TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('institution', 'device', 'operator')),
      expires_at INTEGER NOT NULL,
      revoked_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX certificates_by_subject ON certificates (role, subject);
    CREATE INDEX certificates_revoked ON certificates (expires_at) WHERE revoked_at IS NOT NULL;

    CREATE TABLE customers (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      document_hash BLOB NOT NULL UNIQUE CHECK (length(document_hash) = 32),
      document_kind TEXT NOT NULL,
      document_ending TEXT NOT NULL CHECK (length(document_ending) <= 3),
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE applications (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      institution TEXT NOT NULL REFERENCES institutions,
      customer INTEGER NOT NULL REFERENCES customers,
      customer_name TEXT NOT NULL,
      customer_kind TEXT NOT NULL CHECK (customer_kind IN ('personal', 'sole-proprietor')),
      contact TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'personalizing', 'issued', 'withdrawn')),
      card INTEGER REFERENCES cards,
      replaces INTEGER REFERENCES cards,
      created_at INTEGER NOT NULL,
      CHECK (state NOT IN ('personalizing', 'issued') OR card IS NOT NULL),
      CHECK (state <> 'open' OR card IS NULL)
    ) STRICT;
    CREATE INDEX applications_by_institution ON applications (institution, number);

    CREATE TABLE cards (
      number INTEGER PRIMARY KEY,
      vendor_code TEXT NOT NULL,
      serial TEXT NOT NULL,
      issuer TEXT NOT NULL REFERENCES institutions,
      customer INTEGER NOT NULL REFERENCES customers,
      application INTEGER NOT NULL REFERENCES applications,
      state TEXT NOT NULL CHECK (state IN ('reserved', 'keyed', 'active', 'lost', 'retired')),
      wrong_codes INTEGER NOT NULL DEFAULT 0 CHECK (wrong_codes BETWEEN 0 AND 10),
      transaction_key BLOB,
      access_key BLOB,
      challenge BLOB CHECK (length(challenge) = 8),
      created_at INTEGER NOT NULL,
      UNIQUE (vendor_code, serial),
      CHECK ((state IN ('lost', 'retired')) = (transaction_key IS NULL)),
      CHECK ((state IN ('lost', 'retired')) = (access_key IS NULL)),
      CHECK (challenge IS NULL OR state = 'keyed')
    ) STRICT;
    CREATE UNIQUE INDEX cards_one_live_per_application ON cards (application)
      WHERE state IN ('reserved', 'keyed', 'active');
    CREATE INDEX cards_by_issuer ON cards (issuer, number);

    CREATE TABLE registrations (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      card INTEGER NOT NULL REFERENCES cards,
      institution TEXT NOT NULL REFERENCES institutions,
      channel TEXT NOT NULL CHECK (channel IN ('issue', 'in-person', 'online')),
      state TEXT NOT NULL CHECK (state IN ('awaiting-proof', 'registered', 'withdrawn')),
      challenge BLOB CHECK (length(challenge) = 8),
      created_at INTEGER NOT NULL,
      CHECK (challenge IS NULL OR state = 'awaiting-proof')
    ) STRICT;
    CREATE INDEX registrations_by_card ON registrations (card, number);
    CREATE UNIQUE INDEX registrations_one_per_institution ON registrations (card, institution)
      WHERE state IN ('awaiting-proof', 'registered');
    CREATE INDEX registrations_made ON registrations (card, institution)
      WHERE state = 'registered';

    CREATE TABLE online_requests (
      nonce_hash BLOB PRIMARY KEY CHECK (length(nonce_hash) = 32),
      forgotten_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE registration_codes (
      code_hash BLOB PRIMARY KEY CHECK (length(code_hash) = 32),
      purpose TEXT NOT NULL CHECK (purpose IN ('device', 'card')),
      card INTEGER REFERENCES cards,
      institution TEXT NOT NULL REFERENCES institutions,
      expires_at INTEGER NOT NULL,
      used_at INTEGER,
      CHECK ((purpose = 'card') = (card IS NOT NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX registration_codes_unused ON registration_codes (card) WHERE used_at IS NULL;

    CREATE TABLE devices (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('active', 'revoked', 'replaced')),
      institution TEXT NOT NULL REFERENCES institutions,
      fingerprint_hash BLOB NOT NULL CHECK (length(fingerprint_hash) = 32),
      registered_at INTEGER NOT NULL,
      certificate_expires_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX devices_by_institution ON devices (institution, number);
    CREATE UNIQUE INDEX devices_one_per_hardware ON devices (fingerprint_hash)
      WHERE state = 'active';

    CREATE TABLE device_cards (
      device INTEGER NOT NULL REFERENCES devices,
      issuer TEXT NOT NULL REFERENCES institutions,
      card INTEGER NOT NULL REFERENCES cards,
      added_at INTEGER NOT NULL,
      PRIMARY KEY (device, issuer)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX device_cards_by_card ON device_cards (card, device);

    -- Gone within a day, and written with every posting: references would cost two searches each.
    CREATE TABLE device_events (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      device INTEGER NOT NULL,
      kind TEXT NOT NULL
        CHECK (kind IN ('transaction-pending', 'transaction-closed', 'card-withdrawn')),
      card INTEGER NOT NULL,
      transaction_id TEXT,
      time INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX device_events_by_device ON device_events (device, number);
    """
}
