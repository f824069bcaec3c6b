"""The store of one profile: opened with the data key, used by one thread, closed on lock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from desktop.clock import now_in_ms
from desktop.errors import DamagedStore, NotEnrolled
from desktop.paths import ProfilePaths
from desktop.storage.backup import make_backup
from desktop.storage.blobs import Blobs
from desktop.storage.books import Books
from desktop.storage.directory import Directory
from desktop.storage.drafts import Drafts
from desktop.storage.engine import Database, make_private
from desktop.storage.facts import DeviceFacts, decode_facts, encode_facts
from desktop.storage.outbox import Outbox
from desktop.storage.profile_lock import ProfileLock
from desktop.storage.reading import Reading
from desktop.storage.search import SearchIndex
from desktop.storage.sync_store import DeviceSyncStore
from desktop.storage.unit_of_work import UnitOfWork, WorkParts
from desktop.storage.upgrade import create_tables, note_restored, upgrade
from desktop.storage.verify import verify
from sync.domain.errors import Refused
from sync.domain.numbers import FIRST_BLOCK
from sync.domain.records import RegisterKeeper

Stop = Callable[[], bool]
_DUE, _BEGUN = 1, 2


def never() -> bool:
    """Do not stop."""
    return False


class Store:
    """An open store with its parts: ``reading``, ``search``, ``drafts``, ``directory``, ``sync``, ``outbox``.

    ``blobs`` are the files of attachments beside it.
    """

    def __init__(self, database: Database, lock: ProfileLock, clock: Callable[[], int], blobs: Blobs) -> None:
        """Use :meth:`create` or :meth:`open`."""
        self.blobs = blobs
        self._lock = lock
        self.clock = clock
        self._beside, self._hurry = threading.Lock(), threading.Event()
        self.database = database
        self.books = Books(database)
        self.reading = Reading(database)
        self.search = SearchIndex(database)
        self.directory = Directory(database)
        self.drafts = Drafts(database)
        self.outbox = Outbox(database)
        facts = self.books.value("facts")
        if facts is None:
            raise DamagedStore("store.damaged")
        self._facts = decode_facts(facts)
        self.sync = DeviceSyncStore(database, lambda: self._facts, self.outbox, self.search, clock)

    @classmethod
    def create(
        cls, paths: ProfilePaths, data_key: bytes, facts: DeviceFacts, clock: Callable[[], int] = now_in_ms
    ) -> Self:
        """A new store. Raises Refused where one is there, InUse."""
        with ExitStack() as undo:
            lock = ProfileLock(paths)
            undo.callback(lock.release)
            if paths.store.exists():
                raise Refused("store.exists")
            make_private(paths.store)
            database = Database(paths.store, data_key, create=True)
            undo.callback(database.close)
            with database.transaction():
                create_tables(database)
                _keep_facts(Books(database), facts)
            store = cls(database, lock, clock, Blobs(database, paths.blobs))
            undo.pop_all()
        return store

    @classmethod
    def open(cls, paths: ProfilePaths, data_key: bytes, clock: Callable[[], int] = now_in_ms) -> Self:
        """Open and, where an older release wrote it, bring it up after a verified backup.

        Raises InUse, NotEnrolled, DamagedStore (wrong key included), NewerVersion.
        """
        with ExitStack() as undo:
            lock = ProfileLock(paths)
            undo.callback(lock.release)
            if not paths.store.exists():
                raise NotEnrolled("store.none")
            database = Database(paths.store, data_key)
            undo.callback(database.close)
            upgrade(database, paths, data_key, clock())
            note_restored(database, paths)
            blobs = Blobs(database, paths.blobs)
            with suppress(Refused):  # a folder that cannot be tidied keeps nobody from his cases
                blobs.sweep()
            store = cls(database, lock, clock, blobs)
            undo.pop_all()
        return store

    @property
    def facts(self) -> DeviceFacts:
        """What this device is."""
        return self._facts

    def keep_facts(self, facts: DeviceFacts) -> None:
        """New roles, a new key card …; the device and its number block stay what they are."""
        if (facts.device, facts.unit, facts.county, facts.block) != (
            self._facts.device,
            self._facts.unit,
            self._facts.county,
            self._facts.block,
        ):
            raise ValueError("another device's facts")
        with self.database.transaction():
            self.books.keep("facts", encode_facts(facts))
        self._facts = facts

    def work(self, author: str, role: str, now_ms: int, offset: int | None = None) -> UnitOfWork:
        """A unit of work: the only way to write records. ``offset``: in ``now_ms``; by default the one last found."""
        parts = WorkParts(self.database, self.books, self.outbox, self.search, self.directory, self._facts)
        return UnitOfWork(parts, author, role, now_ms, self.books.offset if offset is None else offset)

    def enrol_again(self, facts: DeviceFacts) -> None:
        """The device was enrolled anew (its disk was copied, restored or revoked): a new id, keys and number block.

        What was not sent goes out under the new device with its old change ids. Same unit and county only.
        """
        if (facts.unit, facts.county) != (self._facts.unit, self._facts.county) or facts.device == self._facts.device:
            raise ValueError("not a new device of this unit")
        with self.database.transaction():
            keeper = self.register_keeper
            self.books.keep_number("register", int(self.keeps_register))
            self.books.keep("register_under", b"" if keeper is None else keeper.id.encode())
            sequence, last_hash = self.outbox.reissue(facts.device)
            self.books.keep_number("last_sequence", sequence)
            self.books.keep("last_hash", last_hash)
            self.books.keep_number("restored", 0)
            _keep_facts(self.books, facts)
        self._facts = facts

    @property
    def keeps_register(self) -> bool:
        """Whether this device keeps its unit's register of letters: by the county's word, or where that named none, as
        the device that has, or had before it was enrolled anew, the first number block."""
        kept, keeper = self.books.number("register") == 1, self.register_keeper
        if keeper is None:
            return kept or self._facts.block == FIRST_BLOCK
        under = (self.books.value("register_under") or b"").decode()
        return keeper.device == self._facts.device or (kept and under == keeper.id)

    @property
    def register_keeper(self) -> RegisterKeeper | None:
        """The county's newest word about who keeps the register of this unit."""
        found = self.reading.find("RegisterKeeper", "of_unit", self._facts.unit)
        newest = max(found, key=lambda stored: stored.revision, default=None)
        return newest.record if newest is not None and isinstance(newest.record, RegisterKeeper) else None

    def keep_offset(self, offset: int) -> None:
        """The county's clock minus this PC's, in milliseconds, as an exchange by wire found it."""
        with self.database.transaction():
            self.books.keep_number("offset", offset)

    @property
    def backup_due(self) -> bool:
        """Whether something was withdrawn that older backups still hold: make a new one, then delete those."""
        return self.books.number("backup_due") in {_DUE, _BEGUN}

    def verify(self, rulebook: str = "") -> dict[str, Any]:
        """What ``verify --json`` prints, recomputed from the rows; ``rulebook`` is the version of the rules in use."""
        return verify(self.database, self._facts, rulebook)

    @contextmanager
    def beside(self, data_key: bytes, stop: Stop = never) -> Iterator[Database]:
        """A second connection, for long reading on another thread while this one goes on working.

        Its statements end with Refused ``store.stopped`` when ``stop`` says so, or when the key is to be changed.
        """
        with self._beside, Database(self.database.path, data_key) as database:
            database.stop_when(lambda: stop() or self._hurry.is_set())
            yield database

    def back_up(self, paths: ProfilePaths, data_key: bytes, target: Path, stop: Stop = never) -> int:
        """Write a checked backup of vault and store to one file, on any thread; the moment it stands for."""
        now = self.clock()
        with self.beside(data_key, stop) as database:
            make_backup(database, paths, data_key, target, now, stop=stop)
        return now

    def begin_backup(self) -> None:
        """What was withdrawn so far is not in the copy that is made now; what is withdrawn meanwhile makes one due."""
        if self.backup_due:
            with self.database.transaction():
                self.books.keep_number("backup_due", _BEGUN)

    def note_backup(self, made_at: int) -> None:
        """The profile has a backup of its own since ``made_at``."""
        with self.database.transaction():
            if self.books.number("backup_due") == _BEGUN:
                self.books.keep_number("backup_due", 0)
            self.books.keep_number("backup_at", made_at)

    def rekey(self, data_key: bytes) -> None:
        """Encrypt the whole store under another key; who reads beside stops first."""
        self._hurry.set()
        try:
            with self._beside:
                self.database.rekey(data_key)
        finally:
            self._hurry.clear()

    def close(self) -> None:
        """Close the connection, drop the device's keys, let the profile go. Harmless when repeated."""
        self.database.close()
        self._facts = replace(self._facts, exchange_private=b"", signing_private=b"")
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _keep_facts(books: Books, facts: DeviceFacts) -> None:
    books.keep("facts", encode_facts(facts))
    if not books.epoch:
        books.keep("epoch", facts.epoch.encode())
    books.keep("block", facts.block.encode())
    books.keep_number("offset", facts.offset)
