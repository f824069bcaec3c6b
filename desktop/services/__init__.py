"""Use cases without Qt: frozen records in and out."""
