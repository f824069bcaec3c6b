"""Alembic migrations of the county's database."""
