"""Open the profile for one verb and close it whatever happens."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from desktop.cli.files import read_passphrase
from desktop.services.office import Office


@contextmanager
def opened_office(arguments: Namespace) -> Iterator[Office]:
    """The office of ``--profile``, signed in with ``--passphrase-file`` as ``--user``."""
    from desktop.app import open_office

    office = open_office(arguments.profile, read_passphrase(arguments.passphrase_file), arguments.user)
    try:
        yield office
        office.back_up_when_due()
    finally:
        office.close()
