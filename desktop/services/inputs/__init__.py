"""Input of records: JSON maps in the shapes of the verbs become checked values. Pure; nothing here knows a store."""
