"""Help for the screen in front, offline."""
