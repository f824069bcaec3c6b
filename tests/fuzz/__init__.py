"""Inputs nobody meant: mutated envelopes, messages, cards, tickets and carried files."""
