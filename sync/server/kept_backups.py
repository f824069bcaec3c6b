"""Backups that were written from this home, and those that keep identities sealed to the county since.

``HOME/backups.json``. A backup opens only with the county's own key or two custodians; what a unit could read then, it
could read of such a backup, if somebody opened it.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select

from sync.domain.errors import Damaged, Refused
from sync.domain.times import local_text
from sync.private_files import write_private
from sync.server.county import County
from sync.server.home import CountyHome
from sync.server.storage import tables
from sync.server.storage.expunging import EXPUNGED

_MOST = 500


class _Kept(msgspec.Struct, frozen=True):
    file: str
    made_at: int


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """One backup. ``sealed_since``: how many ciphertexts were expunged after it was made; it holds them still."""

    file: str
    made_at: str
    there: bool
    sealed_since: int

    def as_json(self) -> dict[str, Any]:
        """The JSON of ``backups --json``."""
        return asdict(self)


def remember_backup(home: CountyHome, path: Path, made_at: int) -> None:
    """A backup was written."""
    where = str(path.absolute())
    _write(home, [*(one for one in _read(home) if one.file != where), _Kept(where, made_at)])


def forget_backup(home: CountyHome, path: Path) -> None:
    """A backup was destroyed. Raises Refused ``county.backup_unknown``, ``county.backup_there`` where it still lies."""
    where, known = str(path.absolute()), _read(home)
    if all(one.file != where for one in known):
        raise Refused("county.backup_unknown", file=path)
    if path.exists():
        raise Refused("county.backup_there", file=path)
    _write(home, [one for one in known if one.file != where])


def kept_backups(county: County) -> list[KeptBackup]:
    """The newest first."""
    log = tables.change_log.c
    mine = (log.county == county.code) & (log.reason == EXPUNGED)
    found = []
    with county.engine.connect() as connection:
        for one in reversed(_read(county.home)):
            query = select(func.count()).where(mine, log.received_at >= one.made_at)
            since = connection.execute(query).scalar_one()
            found.append(KeptBackup(one.file, local_text(one.made_at), Path(one.file).exists(), since))
    return found


def _file(home: CountyHome) -> Path:
    return home.folder / "backups.json"


def _read(home: CountyHome) -> list[_Kept]:
    try:
        return msgspec.json.decode(_file(home).read_bytes(), type=list[_Kept])
    except FileNotFoundError:
        return []
    except msgspec.MsgspecError as error:
        raise Damaged("county.home_damaged", home=home.folder) from error


def _write(home: CountyHome, kept: list[_Kept]) -> None:
    write_private(_file(home), msgspec.json.format(msgspec.json.encode(kept[-_MOST:])) + b"\n")
