"""The county's server on a real PostgreSQL."""
