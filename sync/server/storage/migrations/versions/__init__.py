"""Revisions in order of their numbers."""
