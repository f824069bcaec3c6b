"""The store as the exchange sees it: fills ``sync.client.port.SyncStore``. Every method is one transaction."""

from collections.abc import Callable

import msgspec

from desktop.errors import CopiedDisk
from desktop.storage.books import Books
from desktop.storage.confirmed import REVISION
from desktop.storage.county_pages import CountyPages
from desktop.storage.echoes import Echoes, SpeltOut
from desktop.storage.engine import Database
from desktop.storage.facts import DeviceFacts
from desktop.storage.former_identities import IDENTITIES_DUE, FormerIdentities
from desktop.storage.hand_backups import HandBackups
from desktop.storage.outbox import Outbox, State
from desktop.storage.page_bodies import PageBodies
from desktop.storage.row_codec import table_name
from desktop.storage.search import SearchIndex
from desktop.storage.unswept import unswept
from desktop.storage.withdrawal import Withdrawals
from sync.client.port import Applied, StandingPoint
from sync.domain.records import KINDS
from sync.protocol.canonical import DIGEST_MODULUS, digest_term
from sync.protocol.messages import Answer, Outcome

_UNACKNOWLEDGED = (State.WAITING, State.HELD)
_MOST_REPAIRS = 1
_HEAD_SEEN = "head_seen"
"""The newest head of the feed in this epoch that a page was read under."""
_UNTIDY = "SELECT 1 FROM unconfirmed UNION ALL SELECT 1 FROM repair UNION ALL SELECT 1 FROM withdrawn LIMIT 1"


class DeviceSyncStore:
    """One device's side of the exchange."""

    def __init__(
        self,
        database: Database,
        facts: Callable[[], DeviceFacts],
        outbox: Outbox,
        search: SearchIndex,
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._facts = facts
        self._outbox = outbox
        self._clock = clock
        self._books = Books(database)
        self._pages = CountyPages(database, facts().county, outbox, search)
        self._withdrawals = Withdrawals(database, search)
        self._former = FormerIdentities(database, lambda: facts().unit_identity_public)
        self._echoes = Echoes(database, facts().county, outbox)
        self._read: dict[bytes, PageBodies] = {}
        """What was read of answers that are to be applied, by the request they answer."""
        self._bodies = PageBodies()

    def standing_point(self) -> StandingPoint:
        """Device, unit, epoch, feed position, first unacknowledged sequence."""
        self._read.clear()  # nothing is under way
        facts, books = self._facts(), self._books
        first = self._outbox.first_unacknowledged()
        return StandingPoint(facts.device, facts.unit, books.epoch, books.position, first, self._needs_bodies())

    def _needs_bodies(self) -> bool:
        """An echo did not fit, or digests differed: what this device wrote is no longer what it knows."""
        return self._books.number("repairs") > 0 or self._database.one("SELECT 1 FROM repair LIMIT 1") is not None

    def waiting_changes(self, after_sequence: int, limit: int, limit_bytes: int) -> list[tuple[int, bytes]]:
        """Unacknowledged changes after a sequence in order: (sequence, encoded change), at least one if any waits."""
        return self._outbox.waiting(after_sequence, limit, limit_bytes)

    def count_waiting(self) -> int:
        """How many changes the county has not acknowledged."""
        return self._outbox.count(*_UNACKNOWLEDGED)

    def mark_sent(self, up_to_sequence: int) -> None:
        """Remember that changes up to here left the device on a stick; they stay in the overlay until acknowledged."""
        with self._database.transaction():
            self._outbox.mark_sent(up_to_sequence, self._clock())

    def read_ahead(self, answer: Answer) -> None:
        """Read the bodies of an answer that is to be applied; on any thread, maybe while another one is applied."""
        with unswept():
            self._read[answer.request_hash] = PageBodies(answer.entries)

    def apply_answer(self, answer: Answer) -> Applied:
        """Take results and page in one transaction. A page that does not follow yields only results.

        An answer of an epoch that is over yields nothing. What an answer brought comes again if a power cut takes it
        back, so that the disk is not waited for; a new epoch may number changes anew, which must last.

        Raises CopiedDisk (``store.cloned``) where the county knows another history of this device: the disk was copied
        or restored, and the device has to be enrolled again.
        """
        self._bodies = self._read.pop(answer.request_hash, PageBodies())
        if answer.epoch < self._books.epoch:
            return Applied({}, 0, self._books.position, False, None)
        if self._says_nothing(answer):
            return Applied({}, 0, answer.to_position, True, True)
        with unswept(), self._database.transaction(synced=answer.epoch != self._books.epoch):
            self._check_history(answer)
            resend_from = self._enter_epoch(answer)
            answer, echoed = self._hear_echo(answer)
            results = self._outbox.take_results(answer.results, self._clock())
            looked = self._former.look(answer.entries)
            if echoed:
                name = Outcome.ACCEPTED.value
                results[name] = results.get(name, 0) + echoed
            taken = self._take_page(answer)
            self._withdrawals.finish()
            self._outbox.forget_old(self._clock())
            agreed = self._compare(answer)
            cleaned = self._former.forget(looked)
            if cleaned:
                HandBackups(self._books).note_sealing(self._clock())
        if cleaned:
            self._database.settle_log()
        position = self._books.position
        return Applied(results, taken, position, position >= answer.head, agreed, resend_from)

    def _says_nothing(self, answer: Answer) -> bool:
        """Nothing came, both sides agree and nothing waits to be tidied here: nothing has to be written."""
        books, place = self._books, self._books.position
        if answer.results or answer.entries or answer.echo is not None or answer.epoch != books.epoch:
            return False
        if {answer.from_position, answer.to_position, answer.head, books.number(_HEAD_SEEN)} != {place}:
            return False
        self._check_history(answer)
        due = any(map(books.number, ("county_restores", "repairs", IDENTITIES_DUE)))
        tidy = not due and self._database.one(_UNTIDY) is None and not self._outbox.any_open()
        agreed = answer.digest is not None and books.digest == int.from_bytes(answer.digest, "big")
        return tidy and agreed and not self._outbox.any_old(self._clock())

    def _hear_echo(self, answer: Answer) -> tuple[Answer, int]:
        """Take what an echo says. The answer with what is left of it, and how many changes were settled.

        The county echoes only to who had read everything before. An echo of what is settled already (a repeated
        answer) or expunged says nothing new; if it should have, the digests tell.
        """
        echo, own = answer.echo, self._books.position
        if echo is None or answer.from_position > own or answer.to_position <= own:
            return answer, 0
        heard = self._echoes.take(echo, answer.to_position, self._clock())
        if isinstance(heard, SpeltOut):
            spelt = msgspec.structs.replace(
                answer, results=(*answer.results, *heard.results), entries=(*heard.entries, *answer.entries)
            )
            return spelt, 0
        if heard is None:
            return answer, 0
        self._books.keep_digest((self._books.digest + heard) % DIGEST_MODULUS)
        return answer, echo.last - echo.first + 1

    def _enter_epoch(self, answer: Answer) -> int:
        """After a restore of the county: read the feed anew, send again what it lost. 0 = nothing to send."""
        own = self._books.epoch
        if answer.epoch == own:
            return 0
        self._books.keep_number("county_restores", self._books.number("county_restores") + 1)
        self._books.keep("epoch", answer.epoch.encode())
        self._books.keep_number("repairs", 0)
        self._books.keep_number(_HEAD_SEEN, 0)
        self._read_anew()
        chain = self._outbox.chain_anew(answer.unbroken, answer.last_hash, self._facts().device)
        if chain is not None:
            self._books.keep_number("last_sequence", chain[0])
            self._books.keep("last_hash", chain[1])
        return answer.unbroken + 1 if self._outbox.send_again(answer.unbroken) else 0

    def _read_anew(self) -> None:
        """The feed from its beginning; what it does not show again loses its county state at the head."""
        self._books.keep_number("position", 0)
        self._database.run("DELETE FROM unconfirmed")
        for kind in KINDS:
            self._database.run(
                f'INSERT INTO unconfirmed(kind, id) SELECT ?, id FROM "{table_name(kind)}" WHERE {REVISION} > 0',
                (kind,),
            )
        self._database.run("INSERT INTO unconfirmed(kind, id) SELECT kind, id FROM raw_record")

    def _check_history(self, answer: Answer) -> None:
        row = self._database.one("SELECT hash FROM outbox_body WHERE sequence = ?", (answer.unbroken,))
        unknown = answer.unbroken > self._books.last_sequence
        if unknown or (row is not None and bytes(row[0]) != answer.last_hash):
            raise CopiedDisk("store.cloned")

    def _take_page(self, answer: Answer) -> int:
        """Apply what lies above the own position; how many entries."""
        own = self._books.position
        follows = answer.from_position <= own
        fresh = [entry for entry in answer.entries if entry.position > own] if follows else []
        position = max(own, answer.to_position) if follows else own
        self._pages.apply(fresh, position, follows and position >= answer.head, self._clock(), self._bodies)
        self._books.keep_number("position", position)
        if follows:
            self._books.keep_number(_HEAD_SEEN, max(answer.head, self._books.number(_HEAD_SEEN)))
        return len(fresh)

    def _compare(self, answer: Answer) -> bool | None:
        """At the head: do both sides hold the same? A difference makes the next rounds read the feed anew, once.

        An answer older than one that was read from says nothing: what moved between them is still to come.
        """
        if answer.head < self._books.number(_HEAD_SEEN):
            return None
        if answer.digest is None or self._books.position != answer.to_position or answer.to_position < answer.head:
            return None
        self._drop_unconfirmed()
        self._drop_orphaned_notes()
        if self._books.digest == int.from_bytes(answer.digest, "big"):
            self._books.keep_number("repairs", 0)
            return True
        if self._lost_there():
            return None
        repairs = self._books.number("repairs")
        if repairs < _MOST_REPAIRS:
            self._books.keep_number("repairs", repairs + 1)
            self._read_anew()
        return False

    def _lost_there(self) -> bool:
        """A county that was set back shows what this device had replaced since, and has not sent again yet: an identity
        sealed anew, for one, whose former ciphertext is gone here. What is sent again settles it, and is compared."""
        shown = self._database.one("SELECT 1 FROM repair LIMIT 1") is not None
        return shown and self._books.number("county_restores") > 0 and self.count_waiting() > 0

    def _drop_unconfirmed(self) -> None:
        """Records the county no longer has: they stay readable here, but are no county state.

        What it had made itself, conflicts and notes of what was set apart, it makes anew where that is needed.
        """
        digest = self._books.digest
        for kind, record in self._database.run("SELECT kind, id FROM unconfirmed"):
            digest -= self._forget_state(kind, record)
        self._books.keep_digest(digest % DIGEST_MODULUS)
        self._database.run("DELETE FROM unconfirmed")

    def _drop_orphaned_notes(self) -> None:
        """Conflicts and notes of a county that was set back: what was asked of them here was set apart in turn."""
        if not self._books.number("county_restores"):
            return
        for kind in (kind for kind, declaration in KINDS.items() if declaration.made_by_county):
            gone = f'id IN (SELECT id FROM "{table_name(kind)}" WHERE {REVISION} = 0)'
            apart = "sequence IN (SELECT sequence FROM outbox WHERE state = 'quarantined')"
            self._database.run(f"DELETE FROM pending WHERE {gone} AND {apart}")
            self._database.run(
                f'DELETE FROM "{table_name(kind)}" WHERE {REVISION} = 0 AND id NOT IN (SELECT id FROM pending)'
            )

    def _forget_state(self, kind: str, record: str) -> int:
        table, where = (table_name(kind), "id = ?") if kind in KINDS else ("raw_record", "id = ? AND kind = ?")
        values = (record,) if kind in KINDS else (record, kind)
        row = self._database.one(f'SELECT {REVISION}, hash FROM "{table}" WHERE {where}', values)
        if row is None or not row[0]:
            return 0
        if kind in KINDS and KINDS[kind].made_by_county and not self._outbox.over([record]):
            self._database.run(f'DELETE FROM "{table}" WHERE id = ?', values)
        elif kind in KINDS:
            sql = f'UPDATE "{table}" SET revision = 0, hash = NULL, county_state = NULL WHERE id = ?'
            self._database.run(sql, (record,))
        else:
            self._database.run("DELETE FROM raw_record WHERE id = ? AND kind = ?", values)
        return digest_term(kind, record, row[0], row[1])
