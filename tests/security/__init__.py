"""Vault, passphrases, identities."""
