"""Disable a user and be killed on the way: ``python -m tests.services.cut_disable PROFILE NAME POINT``."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from desktop.app import open_office
from desktop.security import vault
from desktop.storage.engine import Database
from tests.services.offices import PASSPHRASE

POINTS = ("vault", "rekey", "rekeyed", "settled")
_IN_REKEY_SECONDS = 0.004


def die(*_: Any) -> None:
    """The power goes."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Let the process die at a point: vault written, within the change of key, key changed, all done."""
    rekey, settle = Database.rekey, vault.settle_data_key

    def cut(self: Database, key: bytes) -> None:
        threading.Timer(_IN_REKEY_SECONDS, die).start()
        rekey(self, key)
        die()

    def settle_and_die(*arguments: Any) -> None:
        settle(*arguments)
        die()

    if point in ("vault", "rekey"):
        setattr(Database, "rekey", die if point == "vault" else cut)  # noqa: B010
    else:
        setattr(vault, "settle_data_key", die if point == "rekeyed" else settle_and_die)  # noqa: B010


def main() -> None:
    """Sign in as the first user and disable another."""
    folder, name, point = sys.argv[1:]
    office = open_office(Path(folder), PASSPHRASE, "张明")
    arm(point)
    office.disable_user(name)


if __name__ == "__main__":
    main()
