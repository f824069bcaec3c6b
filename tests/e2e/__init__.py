"""The real verbs as processes: a county, its towns, kills, copies of files, and what must be seen from outside."""
