"""The county's PostgreSQL: tables, migrations, sealed bodies, bulk reading and writing."""
