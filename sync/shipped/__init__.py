"""Readers of the data that is shipped in ``resources/``: texts, divisions, rules."""
