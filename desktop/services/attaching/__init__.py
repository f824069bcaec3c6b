"""Files attached to records: cleaned and sealed on adding, carried to the county, opened in memory."""
