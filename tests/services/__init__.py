"""The services on real stores, and their pure input checks."""
