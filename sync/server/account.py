"""Which account runs the embedded PostgreSQL, and how its programs are started from there."""

import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("liandong", "postgres", "pgserver")


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged system account; root runs PostgreSQL through it."""

    uid: int
    gid: int


def service_account() -> Account | None:
    """The account to run PostgreSQL as; None where this process is no root and runs it itself."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in _NAMES:
        if name in known:
            return Account(known[name].pw_uid, known[name].pw_gid)
    return _made_account() or Account(known["nobody"].pw_uid, known["nobody"].pw_gid)


def _made_account() -> Account | None:
    """A system account of our own, or None where the machine has no ``useradd``."""
    import pwd

    try:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _NAMES[0]],
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    if made.returncode != 0:
        return None
    entry = pwd.getpwnam(_NAMES[0])
    return Account(entry.pw_uid, entry.pw_gid)


def command_as(account: Account | None, program: Path, arguments: Sequence[str], folder: Path) -> list[str]:
    """The command line that runs ``program`` as ``account`` with access to ``folder``."""
    plain = [str(program), *arguments]
    if account is None:
        return plain
    closed = not (reachable(program, account) and reachable(folder, account))
    launcher = Path(__file__).with_name("as_user.py")
    return [sys.executable, "-I", "-S", str(launcher), str(account.uid), str(account.gid), str(int(closed)), *plain]


def reachable(path: Path, account: Account) -> bool:
    """True where the account may pass every folder above ``path``."""
    return all(_passable(folder.stat(), account) for folder in path.resolve().parents)


def _passable(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def give_to(account: Account | None, path: Path) -> None:
    """Make the account the owner of a file or folder."""
    if account is not None and sys.platform != "win32":
        os.chown(path, account.uid, account.gid)
