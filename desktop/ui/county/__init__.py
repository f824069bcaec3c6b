"""The county office: carried files on the table, how the towns stand, conflicts and what was set apart."""
