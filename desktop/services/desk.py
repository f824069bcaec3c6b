"""What every use case works with: the open store, who signed in, the keys of his slot, the clock."""

from functools import cached_property, lru_cache

from desktop.clock import Clock, now_in_ms, offset_in_force
from desktop.errors import NotFound
from desktop.paths import ProfilePaths
from desktop.security.identity import IdentitySession
from desktop.security.vault import Unlocked, VaultSecrets
from desktop.services.assigned import assigned_to, state_of, undecided
from desktop.services.inputs.values import Directory
from desktop.services.permissions import NAMED_ONLY, Matter, Reader, Sight, may_see
from desktop.services.persons import closed, is_known_elsewhere, means, own_name
from desktop.services.places import Gazetteer, gazetteer
from desktop.settings import load_settings
from desktop.storage.store import Store
from desktop.storage.unit_of_work import UnitOfWork
from sync.client.link import CountyLink
from sync.domain.case_facts import may_accuse
from sync.domain.errors import InvalidInput, UsageError
from sync.domain.ids import Instant, is_id
from sync.domain.loop_records import DocumentNumber
from sync.domain.records import (
    KINDS,
    AccessEntry,
    AccountEntry,
    Accused,
    Case,
    Reception,
    Step,
    Stored,
    Visit,
    kind_of,
)
from sync.domain.times import local_date, to_local
from sync.protocol.key_card import KeyCard, open_key_card
from sync.protocol.keys import forget_private_keys
from sync.shipped.divisions import read_county

_OF_A_CASE = (AccessEntry, AccountEntry, DocumentNumber)
"""Records with a dossier of their own that name a case."""


_proven = lru_cache(4)(open_key_card)
"""A card that was proven once stays proven: it is asked for by its bytes."""


class Desk:
    """One sign-in at one profile. Not thread-safe: the data thread owns it."""

    def __init__(self, paths: ProfilePaths, store: Store, unlocked: Unlocked, clock: Clock = now_in_ms) -> None:
        self.paths, self.store, self.unlocked, self.own_clock = paths, store, unlocked, clock
        self._offset, self._heard = store.books.offset, store.books.heard_at
        self.reader = Reader(unlocked.user, unlocked.role)
        self._recused: frozenset[str] | None = None
        self._assigned: frozenset[str] | None = None

    def clock(self) -> Instant:
        """The time by the county's clock as an exchange by wire last found it, however wrong this computer's is."""
        own = self.own_clock()
        return own + offset_in_force(own, self._offset, self._heard)

    @property
    def user(self) -> str:
        """Who signed in."""
        return self.unlocked.user

    @property
    def card(self) -> KeyCard:
        """The county's key card, proven by its root."""
        facts = self.store.facts
        return _proven(facts.key_card, facts.root_fingerprint)

    def link(self) -> CountyLink:
        """The device's link to its county."""
        facts = self.store.facts
        return CountyLink(
            self.card, facts.device, facts.unit, facts.exchange_private, facts.signing_private, facts.root_fingerprint
        )

    @cached_property
    def identities(self) -> IdentitySession:
        """Seals complainants during this sign-in."""
        facts = self.store.facts
        return IdentitySession(facts.county, facts.unit_identity_public, self.card.identity_key)

    def lock(self) -> None:
        """Close the store and drop every key of this sign-in. The desk is of no use afterwards."""
        self.store.close()
        self.unlocked = Unlocked(self.unlocked.user, self.unlocked.role, VaultSecrets(b""))
        self.__dict__.pop("identities", None)
        forget_private_keys()

    def work(self, now: Instant) -> UnitOfWork:
        """A unit of work in the user's name."""
        self._recused = self._assigned = None
        offset = offset_in_force(self.own_clock(), self._offset, self._heard)
        return self.store.work(self.user, self.unlocked.role, now, offset)

    def year(self, now: Instant) -> int:
        """The local year of a moment, for numbers."""
        return to_local(now).year

    def day(self, now: Instant) -> str:
        """The local day of a moment, ``2026-11-20``."""
        return local_date(now).isoformat()

    @property
    def group_threshold(self) -> int:
        """From how many people on a walk-in counts as a group here."""
        return load_settings(self.paths.settings, self.user).group_threshold

    # Directory -------------------------------------------------------------------------------------------------------

    def directory(self) -> Directory:
        """What inputs are checked against."""
        return Directory(self.has_village, self.has_unit)

    def has_village(self, code: str) -> bool:
        """True for a village of the county's directory, or of the shipped table before the directory came."""
        if self.store.directory.unit(code) is not None:
            return len(code) == 12
        return not self.directory_came and len(code) == 12 and code in self.shipped_places.by_code

    def has_unit(self, code: str) -> bool:
        """True for a unit of the directory, or of the shipped table before the directory came."""
        known = self.store.directory.unit(code) is not None or code == self.store.facts.county
        return known or (not self.directory_came and code in self.shipped_places.by_code)

    @property
    def directory_came(self) -> bool:
        """Whether the county's directory was ever received."""
        return self.store.directory.unit(self.store.facts.county) is not None

    @cached_property
    def shipped_places(self) -> Gazetteer:
        """Towns and villages of the county as they are shipped; empty where the county has a table of its own."""
        facts = self.store.facts
        try:
            divisions = read_county(facts.county)
        except InvalidInput:
            divisions = ()
        return gazetteer(((division.code, division.name) for division in divisions), facts.unit)

    def place_name(self, code: str) -> str:
        """The name of a village or unit, or the code where it is not known."""
        unit = self.store.directory.unit(code)
        if unit is not None:
            return unit.name
        place = None if self.directory_came else self.shipped_places.by_code.get(code)
        return place.name if place else code

    # Records ---------------------------------------------------------------------------------------------------------

    def require(self, kind: str, record_id: str) -> Stored:
        """A record the reader may see. Raises UsageError for an unknown kind, NotFound for all others alike."""
        if kind not in KINDS:
            raise UsageError("record.no_such_kind", kind=kind, kinds=", ".join(KINDS))
        stored = self.store.reading.get(kind, record_id) if is_id(record_id) else None
        if stored is None or not self.sees(stored):
            raise NotFound("record.not_found", kind=kind)
        return stored

    def sees(self, stored: Stored) -> bool:
        """Whether the reader may know of a record."""
        return may_see(self.reader, self.matter_of(stored))

    def matter_of(self, stored: Stored) -> Matter:
        """What decides about seeing a record."""
        record = stored.record
        head = record if isinstance(record, Case) else self.case_of(stored)
        about = record.case if isinstance(record, _OF_A_CASE) else stored.dossier
        accused = frozenset({self.user} if about in self.recused_cases() else ())
        if isinstance(head, Case):
            assigned = about in self.assigned_cases()
            nature, outside = self._nature_of(head)
            here = head.unit == self.store.facts.unit
            return Matter(kind_of(record), record.author, nature, head.secrecy, outside, accused, assigned, here)
        here = record.unit in (self.store.facts.unit, self.store.facts.county)
        secrecy = self._stub_secrecy(stored)
        return Matter(kind_of(record), record.author, None, secrecy, accused_names=accused, taken_in=here)

    def _nature_of(self, head: Case) -> tuple[str | None, bool]:
        """The nature by registration, and whether it is out of scope; an accusation also where a step of the trail
        says so, or where somebody is complained about and nobody has classified the matter."""
        if head.nature == "ACCUSE" or self.reader.powers.sight is not Sight.NO_ACCUSATIONS:
            return head.nature, False
        steps = [one.record for one in self.store.reading.children("Step", "case", head.id)]
        natures = (head.nature, *(step.nature for step in steps if isinstance(step, Step)))
        named = "ACCUSE" in natures or self.store.reading.children("Accused", "case", head.id)
        if named and may_accuse(*natures):
            return "ACCUSE", False
        if "APPEAL" not in natures:
            return head.nature, False
        state = state_of(self.store, self.store.reading.dossier_records(head.id))
        return (state.nature, state.scope == "OUT") if state else (head.nature, False)

    def _stub_secrecy(self, stored: Stored) -> str:
        """The secrecy of the sealed stub that a record is, or hangs on: its paper, corrections and the like."""
        record = stored.record
        if not isinstance(record, Reception) and stored.dossier != record.id:
            head = self.store.reading.get("Reception", stored.dossier)
            record = head.record if head is not None else record
        return record.secrecy if isinstance(record, Reception) else "NORMAL"

    def recused_cases(self) -> frozenset[str]:
        """Cases that complain about the reader himself."""
        if self._recused is None:
            found = self.store.reading.accused_named_with(closed(own_name(self.user)))
            named = [
                one.record for one in found if isinstance(one.record, Accused) and means(self.user, one.record.name)
            ]
            meant = (one for one in named if not self._is_somebody_else(one))
            self._recused = frozenset(str(one.case) for one in meant)
        return self._recused

    def _is_somebody_else(self, accused: Accused) -> bool:
        """True for a colleague of the reader's name whom the directory knows in another unit."""
        there = [one.name for one in self.store.directory.staff(accused.unit_code)] if accused.unit_code else []
        return is_known_elsewhere(self.user, self.store.facts.unit, accused.unit_code, there)

    def assigned_cases(self) -> frozenset[str]:
        """Cases in the reader's name, for roles that see no others; empty for all other roles."""
        if self._assigned is None:
            sight = self.reader.powers.sight
            named = assigned_to(self.store, self.user) if sight in NAMED_ONLY else frozenset()
            self._assigned = named | (undecided(self.store) if sight is Sight.APPROVALS else frozenset())
        return self._assigned

    def handed_cases(self) -> frozenset[str]:
        """Cases other units handed to this one, for a role that sees what its own desk took in; empty for others."""
        if self.reader.powers.sight is not Sight.DESK:
            return frozenset()
        rows = self.store.database.run("SELECT id FROM record_case WHERE unit <> ?", (self.store.facts.unit,))
        return frozenset(row[0] for row in rows)

    def forget_cached(self) -> None:
        """After an exchange: what was read before may have changed."""
        self._recused = self._assigned = None
        self._offset, self._heard = self.store.books.offset, self.store.books.heard_at

    def case_of(self, stored: Stored) -> Case | None:
        """The case whose dossier a record belongs to; None for a case itself and for what hangs on no case."""
        record = stored.record
        named = record.case if isinstance(record, DocumentNumber) else None
        if isinstance(record, Visit) or (named is None and stored.dossier == record.id):
            return None
        head = self.store.reading.get("Case", named or stored.dossier)
        return head.record if head is not None and isinstance(head.record, Case) else None
