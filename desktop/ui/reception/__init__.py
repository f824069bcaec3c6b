"""The walk-in at the desk, and the sealed stub it may become."""
