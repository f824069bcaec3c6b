"""Village visits: list and editor."""
