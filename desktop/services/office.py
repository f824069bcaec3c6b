"""The opened profile: every use case behind one door, for screens and verbs alike. One thread uses it."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from desktop.services import (
    carried_slips,
    clocks,
    correcting,
    exchanging,
    finding,
    listing,
    past_exchanges,
    recording,
    reminding,
    reports,
    rounds,
    settling,
    showing,
    stepping,
    typed_text,
)
from desktop.services import today as today_view
from desktop.services.aftermath import follow_up
from desktop.services.attaching import keeping as attaching
from desktop.services.attaching import stick as attached_stick
from desktop.services.attaching.shapes import Attached, AttachmentRow, OpenedAttachment
from desktop.services.carried_slips import Manifest
from desktop.services.county_work import CountyWork
from desktop.services.importing import importer
from desktop.services.inputs import template as templates
from desktop.services.past_exchanges import PastExchange
from desktop.services.problem_shapes import ApartRow, Problems, Settled
from desktop.services.recording import DraftKey
from desktop.services.rounds import Covered, DayVisit
from desktop.services.shapes import (
    ClockRow,
    Draft,
    Exchanged,
    ExchangeState,
    Hit,
    Imported,
    OfferRow,
    OfficeFacts,
    Place,
    Printed,
    ReminderRow,
    RowPage,
    Saved,
    TemplateField,
    TodayView,
)
from sync.client.report import Progress


class Office(CountyWork):
    """Use cases of one sign-in. Every method raises subclasses of LiandongError only; made by ``desktop.app``."""

    @property
    def facts(self) -> OfficeFacts:
        """Unit, device, user and role."""
        device = self._desk.store.facts
        return OfficeFacts(
            device.county, device.county_name, device.unit, device.unit_name, device.unit_kind, device.device,
            self._desk.user, self._desk.unlocked.role,
        )  # fmt: skip

    def close(self) -> None:
        """Lock: close the store and drop every key. The office is of no use afterwards."""
        self._desk.lock()

    # Records ---------------------------------------------------------------------------------------------------------

    def record(self, kind: str, data: object, *, draft: DraftKey | None = None) -> Saved:
        """Save a new record; ``draft`` names the draft that goes in the same transaction."""
        return recording.record(self._desk, kind, data, draft)

    def correct(self, kind: str, record_id: str, data: object, *, draft: DraftKey | None = None) -> Saved:
        """Change fields of a record, old values kept."""
        return correcting.correct(self._desk, kind, record_id, data, draft)

    def void(self, kind: str, record_id: str, reason: str, *, draft: DraftKey | None = None) -> Saved:
        """Make a record void with a reason."""
        return correcting.void(self._desk, kind, record_id, reason, draft)

    def template(self, kind: str) -> tuple[TemplateField, ...]:
        """Every input field of a kind in form order."""
        return templates.template(kind)

    # Reading ---------------------------------------------------------------------------------------------------------

    def show(self, kind: str, record_id: str, *, reason: str | None = None, identity: bool = False) -> dict[str, Any]:
        """Every value of a record; the identity only with a reason (the registrar's own of the day without)."""
        return showing.show(self._desk, kind, record_id, reason=reason, identity=identity)

    def list_page(
        self,
        kind: str,
        *,
        filters: Mapping[str, Any] | None = None,
        after: str | None = None,
        limit: int = 100,
        order: str = "newest",
    ) -> RowPage:
        """A page of a list; ``order``: newest, due (cases), started (visits)."""
        return listing.list_page(self._desk, kind, filters=filters, after=after, limit=limit, order=order)

    def count(self, kind: str, filters: Mapping[str, Any] | None = None) -> int:
        """How many records of a kind pass the filters, of those the reader may know of."""
        return listing.count(self._desk, kind, filters)

    def search(self, text: str, *, limit: int = 50) -> list[Hit]:
        """Full text, newest first."""
        return finding.search(self._desk, text, limit)

    def unindexed(self) -> int:
        """How many records that came are not found by search yet: they are indexed behind."""
        return self._desk.store.search.unindexed()

    def index_behind(
        self, borrow: exchanging.Borrow = exchanging.at_once, stop: Callable[[], bool] = lambda: False
    ) -> None:
        """Index what waits, portion by portion; with ``borrow`` on any thread."""
        exchanging.index_behind(self._desk, borrow, stop)

    def similar(self, text: str, *, limit: int = 5) -> list[Hit]:
        """Cases about a similar matter."""
        return finding.similar(self._desk, text, limit)

    def find_places(self, text: str) -> list[Place]:
        """Villages and towns by name, code or pinyin initials."""
        return finding.find_places(self._desk, text)

    def place_name(self, code: str) -> str:
        """The name of a village or unit."""
        return self._desk.place_name(code)

    def villages(self) -> list[Place]:
        """The villages of the own unit."""
        return finding.villages(self._desk)

    def units(self) -> list[Place]:
        """Units a case can go to."""
        return finding.units(self._desk)

    def find_units(self, text: str) -> list[Place]:
        """Units a case can go to by name, code or pinyin initials."""
        return finding.find_units(self._desk, text)

    def today(self, interval_days: int = 30) -> TodayView:
        """What the Today screen shows."""
        return today_view.today(self._desk, interval_days)

    def note_reminder(self, reminder: str) -> ReminderRow:
        """Say that a new number was noted; it is told no more."""
        return reminding.note_reminder(self._desk, reminder)

    def coverage(self, interval_days: int = 30) -> tuple[Covered, ...]:
        """Every village of the unit: visited, due or never."""
        return rounds.coverage(self._desk, interval_days)

    def month_visits(self, year: int, month: int) -> tuple[DayVisit, ...]:
        """The visits that began in a month."""
        return rounds.month_visits(self._desk, year, month)

    def report(self, name: str) -> dict[str, Any]:
        """The figures of a report."""
        return reports.report(self._desk, name)

    # Casework --------------------------------------------------------------------------------------------------------

    def steps(self, case: str) -> list[OfferRow]:
        """What can be done on a case now, and why the rest cannot."""
        return stepping.steps(self._desk, case)

    def step(self, case: str, step: str, data: object, *, draft: DraftKey | None = None) -> Saved:
        """Take a step."""
        return stepping.step(self._desk, case, step, data, draft)

    def clocks(self, case: str, language: str = "zh") -> tuple[ClockRow, ...]:
        """The clocks that run for a case, the next first, each with its explanation."""
        return clocks.case_clocks(self._desk, case, language)

    # Paper -----------------------------------------------------------------------------------------------------------

    def print_form(
        self,
        form: str,
        record_id: str,
        *,
        reason: str | None = None,
        paper: object = None,
        issue: bool = False,
        draft: DraftKey | None = None,
    ) -> Printed:
        """A form about a record; its ledger line is committed before the bytes are given out.

        ``paper``: the map typed for a letter about a case; ``issue`` gives the letter the register's next number.
        """
        from desktop.services import printing
        from desktop.services.letters import Order

        return printing.print_form(self._desk, form, record_id, reason, Order(paper, issue, draft))

    def letter_missing(self, form: str, case_id: str, paper: object = None) -> tuple[str, ...]:
        """Every input a letter about a case still lacks with this paper; nothing is printed."""
        from desktop.services import printing

        return printing.letter_missing(self._desk, form, case_id, paper)

    def register_state(self) -> dict[str, Any]:
        """Whether letters are numbered on this device, and the last serial of the year."""
        from desktop.services import register

        return register.register_state(self._desk)

    def take_register(self, last: int) -> dict[str, Any]:
        """Take over the unit's register of letters after the county named this device; ``last`` serial on paper."""
        from desktop.services import register

        return register.take_register(self._desk, last)

    def letterhead(self) -> dict[str, str]:
        """The organ's name, the prefix of its numbers, how it is reached: what letters bear."""
        from desktop.services.letterhead import letterhead

        return letterhead(self._desk)

    def keep_letterhead(self, **changes: str) -> dict[str, str]:
        """Change what letters bear (``organ``, ``document_mark``, ``contact``)."""
        from desktop.services.letterhead import keep_letterhead

        return keep_letterhead(self._desk, **changes)

    def paper_template(self, form: str) -> tuple[TemplateField, ...]:
        """What may be typed for a letter or sheet about a case."""
        from desktop.services.inputs.papers import paper_shape

        return templates.rows_of(paper_shape(form))

    def print_blank(self, form: str, count: int) -> Printed:
        """Blank sheets with numbers."""
        from desktop.services import printing

        return printing.print_blank(self._desk, form, count)

    # Attachments -----------------------------------------------------------------------------------------------------

    def attach(self, kind: str, record_id: str, file: Path, title: str | None = None) -> Attached:
        """Attach a copy of a file to a record, cleaned and sealed; the original is only read."""
        return attaching.attach(self._desk, kind, record_id, file, title)

    def attachments(self, kind: str, record_id: str) -> tuple[AttachmentRow, ...]:
        """What is attached to a record; for a case or visit, to anything of its dossier."""
        return attaching.attachments(self._desk, kind, record_id)

    def open_attachment(self, record_id: str) -> OpenedAttachment:
        """An attached file in memory."""
        return attaching.open_attachment(self._desk, record_id)

    def export_attachment(self, record_id: str, target: Path) -> int:
        """Write an attached file, in plain, where the user says; its bytes."""
        return attaching.export_attachment(self._desk, record_id, target)

    def carry_blobs_out(self, request: Path) -> int:
        """Write the files the county lacks beside a carried request; how many."""
        return attached_stick.carry_blobs_out(self._desk, request)

    def carry_blobs_in(self, folders: Iterable[Path]) -> int:
        """Take the files and receipts the county put beside its answers; how many files still wait."""
        return attached_stick.carry_blobs_in(self._desk, folders)

    # Drafts ----------------------------------------------------------------------------------------------------------

    def save_draft(self, screen: str, key: str, body: Mapping[str, Any], *, dossier: str | None = None) -> None:
        """Keep what is being typed, for this user only; ``dossier``: the case or visit it is about."""
        typed_text.save_draft(self._desk, screen, key, body, dossier)

    def drafts(self, dossier: str | None = None) -> list[Draft]:
        """The user's drafts, newest first; all, or those about a dossier."""
        return typed_text.drafts(self._desk, dossier)

    def load_draft(self, screen: str, key: str) -> Draft | None:
        """One draft, or None."""
        return typed_text.load_draft(self._desk, screen, key)

    def drop_draft(self, screen: str, key: str) -> None:
        """Forget a draft; nothing of it stays in the store."""
        self._desk.store.drafts.drop(self._desk.user, screen, key)

    # County ----------------------------------------------------------------------------------------------------------

    def exchange(
        self,
        progress: Callable[[Progress], None] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
        borrow: exchanging.Borrow = exchanging.at_once,
    ) -> Exchanged:
        """Exchange with the county over its server. Raises Unreachable: nothing is lost, try again."""
        done = exchanging.exchange(self._desk, progress, stop, borrow)
        borrow(lambda: follow_up(self._desk))
        return done

    def carry_out(self) -> bytes:
        """All that waits, as a file to carry to the county."""
        return exchanging.carry_out(self._desk)

    def carry_in(self, data: bytes) -> Exchanged:
        """Take the county's answer from a carried file."""
        done = exchanging.carry_in(self._desk, data)
        follow_up(self._desk)
        return done

    def carry_in_files(self, files: Mapping[str, bytes], *, folder: bool = False, behind: bool = False) -> Exchanged:
        """Take the county's answers from several carried files, by name; a ``folder`` may hold others' too.

        ``behind``: search finds what came only after :meth:`index_behind`.
        """
        done = exchanging.carry_in_files(self._desk, files, folder=folder, behind=behind)
        follow_up(self._desk)
        return done

    def carried_manifest(self, data: bytes, file: str) -> Manifest:
        """What the request just made holds, in numbers, with its code."""
        return carried_slips.manifest(self._desk, data, file)

    def print_slip(self, told: Manifest) -> bytes:
        """The paper that goes with a stick, as PDF."""
        return carried_slips.print_slip(self._desk, told)

    def settle(self, conflict: str, take: str) -> Settled:
        """Settle a conflict by taking its ``standing`` or its ``other`` value."""
        return settling.settle(self._desk, conflict, take)

    def release(self, quarantine: str) -> ApartRow:
        """Ask that a change set apart be applied; for the county's own office."""
        return settling.release(self._desk, quarantine)

    def problems(self) -> Problems:
        """What the exchange left for a person."""
        return Problems(
            settling.conflict_rows(self._desk), settling.apart_rows(self._desk), settling.told_rows(self._desk)
        )

    def exchange_history(self) -> tuple[PastExchange, ...]:
        """The last exchanges of this device, the latest first."""
        return past_exchanges.read_history(self._desk)

    def exchange_state(self) -> ExchangeState:
        """Where this device stands with the county."""
        return today_view.exchange_state(self._desk)

    # Data --------------------------------------------------------------------------------------------------

    def import_file(
        self,
        path: Path,
        map_path: Path,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Imported:
        """Import cases from a spreadsheet."""
        return importer.import_file(self._desk, path, map_path, progress, stop)
