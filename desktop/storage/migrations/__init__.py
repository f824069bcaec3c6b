"""Migrations of the store, run by alembic; the newest version equals the tables."""
