"""Words, records and rules of petition work: standard library only, no I/O, no clock."""
