"""Windows, widgets and screens."""
