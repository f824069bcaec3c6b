"""Exchange with the county, by wire or by file."""
