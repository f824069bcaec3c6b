"""Language, text size, theme, user, device, about."""
