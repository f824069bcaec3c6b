"""Corrections of what was recorded: one dialog for every kind, its text kept until it is saved."""
