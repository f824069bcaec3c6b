"""One file per version, numbered; each goes up and down with the data."""
