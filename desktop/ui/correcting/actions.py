"""What corrections do on the data thread: read what stands, open an identity with its reason, write."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject

from desktop.services.office import Office
from desktop.services.recording import DraftKey
from desktop.services.shapes import Draft, OfficeFacts, Saved
from desktop.ui.correcting.subject import ACCUSED, CASE, COMPLAINANT, FIELDS, RECEPTION, Sheet, Subject, fields_of
from desktop.ui.unsaved import draft_key
from desktop.ui.workplace import Workplace
from sync.domain.authority import owner_reason
from sync.domain.errors import LiandongError

OnError = Callable[[LiandongError], None]
OnSheet = Callable[[Sheet, Draft | None], None]
OF_COUNTY_ONLY = frozenset({"PROTECTED", "SEALED"})
TOUCHED = ("Case", "Reception", "Interview", "ReturnVisit", "Rating", "Draft")
HIDDEN = "hidden"
"""Stands in the place of an identity that has to be opened first."""


class CorrectActions(QObject):
    """Work of the dialogs of one page."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place

    def load(self, subject: Subject, on_done: OnSheet, on_error: OnError) -> None:
        """What stands, and what was typed and not saved."""
        key = draft_key(subject.name, subject.case)
        self._place.tasks.read(
            lambda office: (_sheet(office, subject), office.load_draft(key.screen, key.key)),
            lambda read: on_done(*read),
            on_error,
            owner=self,
            key="sheet",
        )

    def open_identity(self, sheet: Sheet, reason: str, on_done: OnSheet, on_error: OnError) -> None:
        """The same with who complained: logged before it is shown."""
        subject = sheet.subject
        asked, typed = draft_key("identity", subject.case), draft_key(subject.name, subject.case)

        def work(office: Office) -> tuple[Sheet, Draft | None]:
            shown = office.show(CASE, subject.case, identity=True, reason=reason)
            office.drop_draft(asked.screen, asked.key)
            return replace(sheet, values=shown.get("complainant") or {}), office.load_draft(typed.screen, typed.key)

        self._place.tasks.write(work, lambda read: on_done(*read), on_error, owner=self, kinds=("Draft",))

    def load_draft(self, key: DraftKey, on_done: Callable[[Draft | None], None]) -> None:
        """What was typed as a reason."""
        self._place.tasks.read(lambda office: office.load_draft(key.screen, key.key), on_done, owner=self, key="draft")

    def write(self, sheet: Sheet, changes: dict[str, Any], on_done: Callable[[Saved], None], on_error: OnError) -> None:
        """Write the changes; the draft goes in the same transaction."""
        kind, record, data = target_of(sheet, changes)
        key = draft_key(sheet.subject.name, sheet.subject.case) if sheet.subject.case else None
        self._place.tasks.write(
            lambda office: office.correct(kind, record, data, draft=key), on_done, on_error, owner=self, kinds=TOUCHED
        )


def target_of(sheet: Sheet, changes: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Kind, id and map of the ``correct`` that writes the changes."""
    subject = sheet.subject
    if subject.kind == COMPLAINANT:
        whole = {name: value for name, value in {**sheet.values, **changes}.items() if value is not None}
        return CASE, subject.case, {"complainant": whole}
    if subject.kind == ACCUSED and subject.is_new:
        return CASE, subject.case, {"accused": [*map(dict, sheet.others), changes]}
    return subject.kind, subject.id, changes


def is_masked(sheet: Sheet) -> bool:
    """Whether an identity has to be opened before it can be corrected."""
    return bool(sheet.values.get(HIDDEN))


def _sheet(office: Office, subject: Subject) -> Sheet:
    if subject.kind in (ACCUSED, COMPLAINANT):
        return _person(office, subject)
    shown = office.show(subject.kind, subject.id)
    is_stub = subject.kind == RECEPTION and not subject.case
    fields = fields_of(subject.kind, office.template(subject.kind), sealed=is_stub)
    if subject.kind == CASE:
        own = correctable(office.facts, shown)
        fields = tuple(one for one in fields if one.name in own)
    return Sheet(subject, fields, shown, str(shown.get("secrecy") or "NORMAL"))


def _person(office: Office, subject: Subject) -> Sheet:
    case = office.show(CASE, subject.case)
    secrecy = str(case.get("secrecy") or "NORMAL")
    fields = fields_of(subject.kind, office.template(RECEPTION))
    if subject.kind == COMPLAINANT:
        stands = case.get("complainant") is not None
        is_blind = stands and secrecy in OF_COUNTY_ONLY and office.facts.unit != office.facts.county
        return Sheet(subject, fields, {HIDDEN: True} if stands and not is_blind else {}, secrecy, is_blind=is_blind)
    people = {one["id"]: {name: value for name, value in one.items() if name != "id"} for one in case["accused"]}
    values = people.get(subject.id, {})
    return Sheet(subject, fields, values, secrecy, tuple(people.values()) if subject.is_new else ())


def correctable(facts: OfficeFacts, shown: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields of a case that this unit may correct; ``shown``: the case as the office shows it."""
    had = {shown.get("holder"), *(line.get("to_unit") for line in shown.get("trail") or ())}
    helps = facts.unit in (shown.get("co_units") or ()) and facts.unit not in had

    def may(name: str) -> bool:
        return owner_reason(facts.unit, facts.county, shown["unit"], CASE, (name,), only_helps=helps) is None

    return tuple(filter(may, FIELDS))
