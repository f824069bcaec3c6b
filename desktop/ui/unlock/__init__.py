"""Sign in, and the first run on a new machine."""
