"""The county's end: enrolment, exchange, merge, feeds, and its PostgreSQL storage."""
