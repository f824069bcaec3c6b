"""Ciphertext of attachments at the county: ``HOME/blobs/HASH``, taken piece by piece, whole once its hash is proven.

The server holds no way around the records: who may give or get a file follows from the attachment's record and the
units of its dossier. The files lie beside the database; a backup of the database does not hold them.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import select

from sync.domain.attachment_record import Attachment
from sync.domain.errors import Damaged, Refused, Unreachable
from sync.private_files import flush_file, flush_folder
from sync.protocol.blob_request import (
    GET,
    MAX_PIECE_BYTES,
    WINDOW_MS,
    BlobRequest,
    BlobState,
    SignedRequest,
    body_hash,
)
from sync.protocol.canonical import decode_fields
from sync.protocol.sealed_stream import MAX_PLAIN_BYTES, sealed_size
from sync.server.county import County
from sync.server.place import Sender, find_sender
from sync.server.storage import tables
from sync.server.storage.bodies import open_canonical
from sync.server.storage.driver import looking

_READ_BYTES = 1 << 20
_LOCK_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Granted:
    """A request that is proven and allowed; ``bytes`` is the length of the whole ciphertext."""

    request: BlobRequest
    bytes: int


def grant(county: County, signed: SignedRequest, now_ms: int | None) -> Granted:
    """Prove a request and look whether the device's unit may make it. ``now_ms`` None: carried, of any age.

    Raises Damaged ``seal.signature_wrong``; Refused ``blobs.stale``, ``blobs.unknown`` (also where it is not the
    unit's to know), ``exchange_refusals.*``.
    """
    sender = find_sender(county, signed.request.device)
    request = signed.prove(sender.signing_key)
    if sender.waiting:
        raise Refused("exchange_refusals.device_waiting")
    if sender.revoked:
        raise Refused("exchange_refusals.device_revoked")
    if request.county != county.code:
        raise Damaged("blobs.request")
    if now_ms is not None and abs(now_ms - request.time) > WINDOW_MS:
        raise Refused("blobs.stale")
    return Granted(request, sealed_size(_size_of(county, sender, request)))


def _size_of(county: County, sender: Sender, request: BlobRequest) -> int:
    """Plain size of the attachment, if the sender's unit may have it: who sees the dossier, or gives what it made."""
    record, dossier = tables.record.c, tables.dossier.c
    query = (
        select(record.body, record.unit, dossier.units)
        .join(tables.dossier, (dossier.county == record.county) & (dossier.id == record.dossier))
        .where(record.county == county.code, record.kind == Attachment.__name__, record.id == request.record)
    )
    with looking(county.engine) as connection:
        row = connection.execute(query).first()
    own = row is not None and request.method != GET and row.unit == sender.unit
    if row is None or not (own or sender.unit in row.units):
        raise Refused("blobs.unknown")
    fields = decode_fields(open_canonical(county.store_key, Attachment.__name__, request.record, row.body))
    size = fields.get("size")
    if fields.get("blob") != request.blob or not isinstance(size, int) or not 0 <= size <= MAX_PLAIN_BYTES:
        raise Refused("blobs.unknown")
    return size


class BlobFiles:
    """The files of one home; safe for several processes."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "blobs"

    def put(self, granted: Granted, body: bytes) -> BlobState:
        """Take a piece if it continues what is here; an empty one only asks. Raises Damaged ``blobs.*``."""
        request = granted.request
        if request.length != len(body) or request.body_hash != body_hash(body):
            raise Damaged("blobs.request")
        return self.take(granted, request.offset, (body,))

    def take(self, granted: Granted, offset: int, pieces: Iterable[bytes]) -> BlobState:
        """Take bytes that start at ``offset``; those that are here already are passed over."""
        whole, part = self._paths(granted)
        if whole.exists():
            return BlobState(granted.bytes, True)
        with self._locked():
            have = _append(part, granted.bytes, offset, pieces)
            if have < granted.bytes:
                return BlobState(have, False)
            _prove(part, whole, granted.request.blob)
        return BlobState(have, True)

    def get(self, granted: Granted) -> bytes:
        """The asked piece of a whole file. Raises as :meth:`read`."""
        return self.read(granted, granted.request.offset, granted.request.length)

    def state(self, granted: Granted) -> BlobState:
        """What is here of a file."""
        whole, part = self._paths(granted)
        if whole.exists():
            return BlobState(granted.bytes, True)
        return BlobState(part.stat().st_size if part.exists() else 0, False)

    def read(self, granted: Granted, offset: int, length: int) -> bytes:
        """A piece of a whole file. Raises Refused ``blobs.not_here``, Damaged ``blobs.request``."""
        whole, _ = self._paths(granted)
        if not 0 < length <= MAX_PIECE_BYTES or not 0 <= offset < granted.bytes:
            raise Damaged("blobs.request")
        try:
            with whole.open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError as error:
            raise Refused("blobs.not_here") from error

    def _paths(self, granted: Granted) -> tuple[Path, Path]:
        name = granted.request.blob
        return self.folder / name, self.folder / f"{name}.part"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        lock = FileLock(self.folder / "lock", timeout=_LOCK_SECONDS, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise Unreachable("blobs.busy") from error
        try:
            yield
        finally:
            lock.release()


def _append(part: Path, most: int, offset: int, pieces: Iterable[bytes]) -> int:
    """Write what continues the part; its length afterwards. Nothing is written where a gap would be left."""
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        have = file.seek(0, os.SEEK_END)
        if offset > have:
            return have
        for piece in pieces:
            fresh = piece[max(have - offset, 0) :]
            if have + len(fresh) > most:
                raise Damaged("blobs.request")
            file.write(fresh)
            offset += len(piece)
            have += len(fresh)
        flush_file(file)
    return have


def _prove(part: Path, whole: Path, name: str) -> None:
    digest = hashlib.sha256()
    with part.open("rb") as file:
        while data := file.read(_READ_BYTES):
            digest.update(data)
    if digest.hexdigest() != name:
        part.unlink()
        raise Damaged("blobs.damaged")
    part.replace(whole)
    flush_folder(whole.parent)
