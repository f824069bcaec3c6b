"""Back the county up while it runs, and put a backup in place of what is there, under a new epoch.

Layout: magic 5 | length 4, MessagePack of the head | chunks: length 4, AES-256-GCM of a zstd frame. A chunk's nonce is
its number and its associated data says whether it is the last, so that none can be moved, lost or added. The data key
is sealed to the county's own exchange key, and for each pair of custodians to both (``recovery.seal_pairs``); the
keys of the home lie in the first chunk, for a county whose disk is gone.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ARRAY, BigInteger, Boolean, Connection, LargeBinary, SmallInteger, Table, select, update

from sync.domain.errors import Damaged, Refused
from sync.domain.ids import new_epoch
from sync.private_files import BACKUP_NEW, clear_unfinished_backups, replacing_private
from sync.protocol.keys import exchange_public, open_sealed, seal_to
from sync.protocol.recovery import seal_pairs
from sync.server.county import County, now_ms
from sync.server.storage import tables
from sync.server.storage.writing import copy_rows

MAGIC = b"LDCB\x01"
ROWS_PER_CHUNK = 500
POSITION_LEAP = 1_000_000
"""Positions given after the backup was made are never given again for something else."""
_MAX_CHUNK_BYTES = 256 * 1024 * 1024
INFO = b"liandong/county-backup/v1"
_TYPES: tuple[tuple[type[Any], str], ...] = (
    (ARRAY, "text[]"),
    (BigInteger, "int8"),
    (LargeBinary, "bytea"),
    (SmallInteger, "int2"),
    (Boolean, "bool"),
)


class Head(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What stands in clear before the chunks."""

    county: str
    made_at: int
    sealed_key: bytes
    pairs: dict[str, bytes]
    """"i-j" → the data key for these two custodians."""


KeyOf = Callable[[Head], bytes]
"""Opens the data key of a backup."""


def write_backup(county: County, path: Path) -> int:
    """Write all rows of the county as of one moment; how many.

    Raises Refused ``county.file_exists``, ``county.file_unwritable``.
    """
    if path.exists():
        raise Refused("county.file_exists", file=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clear_unfinished_backups(path.parent)
        with replacing_private(path, BACKUP_NEW) as file:
            rows = _write(county, file)
    except OSError as error:
        raise Refused("county.file_unwritable", file=path, reason=error.strerror or "") from error
    return rows


def _write(county: County, file: IO[bytes]) -> int:
    key = secrets.token_bytes(32)
    sealed = seal_to(exchange_public(county.keys.exchange), key, INFO)
    head = Head(county.code, now_ms(), sealed, seal_pairs(county.card.recovery_keys, key, INFO))
    body = msgspec.msgpack.encode(head)
    file.write(MAGIC + len(body).to_bytes(4, "big") + body)
    cipher = AESGCM(_bound_key(key, body))
    rows = number = 0
    waiting = _home_chunk(county)
    with county.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        for name, values in _read_rows(connection, county.code):
            _write_chunk(file, cipher, number, waiting, last=False)
            number, rows, waiting = number + 1, rows + len(values), msgspec.msgpack.encode((name, values))
    _write_chunk(file, cipher, number, waiting, last=True)
    return rows


def _home_chunk(county: County) -> bytes:
    home = county.home
    secrets_ = {name: getattr(county.keys, name) for name in county.keys.__struct_fields__}
    tls = {"tls.key": home.tls_key.read_bytes(), "tls.pem": home.tls_certificate.read_bytes()}
    return msgspec.msgpack.encode(("", [secrets_ | tls | {"card": county.card_bytes}]))


def _read_rows(connection: Connection, county: str) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    for table in tables.metadata.sorted_tables:
        query = select(table).where(_owner(table) == county)
        result = connection.execution_options(yield_per=ROWS_PER_CHUNK).execute(query)
        for part in result.partitions(ROWS_PER_CHUNK):
            yield str(table.name), [tuple(row) for row in part]


def _owner(table: Table) -> Any:
    return table.c.code if table.name == "county" else table.c.county


def _write_chunk(file: IO[bytes], cipher: AESGCM, number: int, body: bytes, *, last: bool) -> None:
    sealed = cipher.encrypt(number.to_bytes(12, "big"), zstandard.compress(body, 3), bytes((last,)))
    file.write(len(sealed).to_bytes(4, "big") + sealed)


def _bound_key(key: bytes, head: bytes) -> bytes:
    """The chunks belong to this very head."""
    return hashlib.sha256(key + hashlib.sha256(head).digest()).digest()


# Restoring -----------------------------------------------------------------------------------------------------------


def restore_backup(county: County, path: Path, key_of: KeyOf | None = None) -> int:
    """Read the whole backup once to believe it, then put its rows in place in one transaction; how many.

    ``key_of`` opens the data key where that is not the county's own doing. Raises Refused ``county.file_unreadable``,
    ``county.backup_foreign``, Damaged ``county.backup_damaged``.
    """
    opener = key_of or (lambda head: open_sealed(county.keys.exchange, head.sealed_key, INFO))
    for _ in read_backup(county.code, path, opener):
        pass
    rows = 0
    with county.engine.begin() as connection:
        former = _epochs(connection, county.code)
        for table in tables.metadata.sorted_tables:
            connection.execute(table.delete().where(_owner(table) == county.code))
        for name, values in read_backup(county.code, path, opener):
            if name:
                _copy_back(connection, tables.metadata.tables[name], values)
                rows += len(values)
        _begin_epoch(connection, county.code, former)
    return rows


def _epochs(connection: Connection, county: str) -> list[str]:
    columns = tables.county.c
    return list(connection.execute(select(columns.epoch).where(columns.code == county)).scalars())


def _begin_epoch(connection: Connection, county: str, former: list[str]) -> None:
    """Behind the epoch of the backup and behind that which ends here: devices know late answers of both by that."""
    columns = tables.county.c
    epoch = new_epoch(now_ms(), [*former, *_epochs(connection, county)])
    values = {"epoch": epoch, "position": columns.position + POSITION_LEAP}
    connection.execute(update(tables.county).where(columns.code == county).values(values))


def _copy_back(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Columns that the backup's version did not have yet stand last, and have a default."""
    kept = list(rows)
    columns = [(column.name, _type_name(column.type)) for column in table.columns]
    if kept:
        copy_rows(connection, table.name, columns[: len(kept[0])], kept)


def _type_name(kind: Any) -> str:
    return next((name for known, name in _TYPES if isinstance(kind, known)), "text")


def read_backup(code: str, path: Path, key_of: KeyOf) -> Iterator[tuple[str, list[Any]]]:
    """The chunks: table and rows; the first, without a table's name, holds one map, the keys of the home.

    Raises Refused ``county.file_unreadable``, ``county.backup_foreign``, ``county.backup_newer``, Damaged
    ``county.backup_damaged``.
    """
    try:
        with path.open("rb") as file:
            yield from _read_chunks(code, path, file, key_of)
    except OSError as error:
        raise Refused("county.file_unreadable", file=path, reason=error.strerror or "") from error
    except (InvalidTag, msgspec.MsgspecError, zstandard.ZstdError, ValueError) as error:
        raise Damaged("county.backup_damaged", file=path) from error


def _read_chunks(code: str, path: Path, file: IO[bytes], key_of: KeyOf) -> Iterator[tuple[str, list[Any]]]:
    begin = file.read(len(MAGIC))
    if begin[:-1] == MAGIC[:-1] and begin > MAGIC:
        raise Refused("county.backup_newer", file=path)
    if begin != MAGIC:
        raise Damaged("county.backup_damaged", file=path)
    body = _read_piece(file)
    head = msgspec.msgpack.decode(body, type=Head)
    if head.county != code:
        raise Refused("county.backup_foreign", file=path)
    cipher = AESGCM(_bound_key(key_of(head), body))
    sealed, number = _read_piece(file), 0
    while sealed:
        following = _read_piece(file)
        plain = cipher.decrypt(number.to_bytes(12, "big"), sealed, bytes((not following,)))
        name, rows = msgspec.msgpack.decode(zstandard.decompress(plain, max_output_size=_MAX_CHUNK_BYTES))
        yield name, rows
        sealed, number = following, number + 1


def _read_piece(file: IO[bytes]) -> bytes:
    """One piece; b"" at the end. Raises ValueError where it is cut short or too long."""
    length = file.read(4)
    if not length:
        return b""
    size = int.from_bytes(length, "big")
    piece = file.read(size) if size <= _MAX_CHUNK_BYTES else b""
    if len(piece) != size or len(length) != 4:
        raise ValueError("cut short")
    return piece
