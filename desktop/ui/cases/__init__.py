"""The list of cases and one case in detail."""
