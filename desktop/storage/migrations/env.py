"""Alembic's entry: runs on the connection it is handed, inside the transaction that is open there."""

from alembic import context


def run() -> None:
    """Go to the version asked for."""
    context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
    context.run_migrations()


run()
