"""The encrypted store: tables, outbox, unit of work, search, migrations."""
