"""Vault, key slots, sealing and opening of identities, recovery."""
