"""Codec, envelope, key card, ticket, carried file."""
