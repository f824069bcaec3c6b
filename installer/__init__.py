"""Set-up of a clone, desktop packages, county service units."""
