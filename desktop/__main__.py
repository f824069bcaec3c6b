"""Start the desktop or one of its verbs."""
