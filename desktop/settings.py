"""Settings of one installation and one user: language, text size, theme. Plain JSON in the profile, no case content."""
