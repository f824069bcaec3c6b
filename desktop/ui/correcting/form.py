"""The dialog of a correction: the fields as they stand; only what differs is written, and kept until then."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from desktop.services.shapes import Draft, TemplateField
from desktop.ui.correcting.subject import ACCUSED, CASE, COMPLAINANT, Sheet, changes_of
from desktop.ui.entry import FormGrid
from desktop.ui.kept import KeptDialog
from desktop.ui.loop.form import ItemRows
from desktop.ui.loop.inputs import is_tall, make_input
from desktop.ui.reception.model import is_upper
from desktop.ui.screen import make_button
from desktop.ui.widgets.masked import PersonalLine, PersonalNumber
from desktop.ui.widgets.places import UnitPicker, VillagePicker
from desktop.ui.widgets.surfaces import Notice, make_label, scrolling
from desktop.ui.widgets.typing import Area
from desktop.ui.workplace import Workplace

WIDTH, HEIGHT = 760, 640
MARGIN = 40
"""Room a dialog leaves in its window."""
CONTENT_LINES = 5
PERSONAL: dict[str, type[PersonalLine]] = {
    "name": PersonalLine,
    "address": PersonalLine,
    "workplace": PersonalLine,
    "phone": PersonalNumber,
    "id_number": PersonalNumber,
}
"""Inputs of who complained that no input method may learn from."""
FIRST_IDENTITY = {"identity": "REAL"}


class CorrectForm(KeptDialog):
    """``on_write`` gets what differs, None where a field was emptied."""

    def __init__(
        self, place: Workplace, window: QWidget, sheet: Sheet, on_write: Callable[[dict[str, Any]], object]
    ) -> None:
        self.sheet, self._on_write = sheet, on_write
        title = place.say(title_key(sheet))
        super().__init__(place, window, "case.correct_form", title, sheet.subject.topic)
        self._begun: dict[str, Any] = {}
        self._rows: list[ItemRows] = []
        height = place.look.scaled(HEIGHT)
        self.resize(place.look.scaled(WIDTH), min(height, window.height() - MARGIN))
        self.column.addWidget(make_label(title, "title"))
        self.column.addWidget(make_label(place.say(_explained_key(sheet)), "quiet", wrap=True))
        self.column.addWidget(self.restored)
        self.column.addWidget(self._make_fields(), 1)
        self.seals = Notice(place.look, "correcting.seals")
        self.column.addWidget(self.seals)
        key = "loop.save" if _is_first(sheet) else "case.write_correction"
        write = make_button(
            place, "case.write_correction", self._write, primary=True, icon="check", command="commit", key=key
        )
        self.add_buttons(make_button(place, "case.cancel_correct", self.reject, key="case.cancel_step"), write)
        self._show_standing()

    def typed(self) -> dict[str, Any]:
        """What differs from the record."""
        return changes_of(self._begun, self.sheet.plain(self.entry.values()))

    def show_typed(self, values: dict[str, Any]) -> None:
        """The record as it stands, with what was typed."""
        self._fill({**self._begun, **values})

    def begin(self, name: str, case: str, draft: Draft | None) -> None:
        """Give back what was kept; nothing is kept of a sealed matter."""
        if case:
            super().begin(name, case, draft)
        else:
            self.focus_first()
        self.entry.edited.connect(self._tell_seals)
        self._tell_seals()

    def refuse(self, text: str, field: str = "") -> None:
        """It was refused: the input of the record's field is marked."""
        path = field if field in self.entry else self.sheet.path(field.rpartition(".")[2])
        super().refuse(text, path)

    def _show_standing(self) -> None:
        """What the inputs make of the record is what later changes are measured by."""
        self._fill(dict(self.sheet.values))
        self._begun = self.sheet.plain(self.entry.values())
        if self.sheet.subject.kind == COMPLAINANT and not self.sheet.values:
            self._fill(FIRST_IDENTITY)

    def _fill(self, plain: dict[str, Any]) -> None:
        for rows in self._rows:
            rows.keep(len(plain.get(rows.prefix) or ()))
        self.entry.fill(self.sheet.nested(plain))

    def _write(self) -> None:
        self.submit()
        changes = self.typed()
        if not changes or (self.sheet.is_blind and set(changes) <= set(FIRST_IDENTITY)):
            self.refuse(self.place.say("record.nothing_to_correct"))
        else:
            self._on_write(changes)

    def _tell_seals(self) -> None:
        """Whoever is managed above this unit makes the matter a sealed one: said before it is written."""
        facts = self.place.facts
        if self.sheet.subject.kind == ACCUSED and facts is not None and self.sheet.secrecy != "SEALED":
            upper = is_upper(self.sheet.plain(self.entry.values()).get("managed_by"), facts.unit_kind)
            self.seals.tell(self.place.say("correcting.seals") if upper else "", "care")

    def _make_fields(self) -> QScrollArea:
        content = QWidget()
        holder = QVBoxLayout(content)
        holder.setContentsMargins(0, 0, 8, 0)
        grid = FormGrid(self.entry)
        holder.addLayout(grid)
        holder.addStretch(1)
        for one in self.sheet.fields:
            if "[]." in one.name and self.sheet.subject.kind != ACCUSED:
                continue
            if one.type == "list":
                inner = [field for field in self.sheet.fields if field.name.startswith(f"{one.name}[].")]
                self._rows.append(ItemRows(self.place, self.entry, one.name, inner))
                grid.wide(self._rows[-1].widget)
                continue
            grid.across(self.sheet.path(one.name), self._input(one), top=is_tall(one), key=self.sheet.label(one.name))
        return scrolling(content)

    def _input(self, one: TemplateField) -> QWidget:
        name = one.name.rpartition(".")[2]
        if self.sheet.subject.kind == COMPLAINANT and name in PERSONAL:
            return PERSONAL[name]()
        if one.type == "village":
            return VillagePicker("", self.place.place_finder(self.entry))
        if one.type == "unit":
            return UnitPicker("", self.place.unit_finder(self.entry))
        made = make_input(self.place.voice, one)
        if isinstance(made, Area) and self.sheet.subject.kind == CASE and name == "content":
            made.keep_lines(CONTENT_LINES)
            made.setMaximumHeight(self.place.look.scaled(180))
        return made


def title_key(sheet: Sheet) -> str:
    """What the dialog is called."""
    if sheet.subject.kind == CASE:
        return "case.correct"
    return f"correcting.{'add' if _is_first(sheet) else 'title'}_{sheet.subject.kind.lower()}"


def _is_first(sheet: Sheet) -> bool:
    """Whether a person is named for the first time."""
    kind = sheet.subject.kind
    return (kind == ACCUSED and sheet.subject.is_new) or (
        kind == COMPLAINANT and not sheet.values and not sheet.is_blind
    )


def _explained_key(sheet: Sheet) -> str:
    if sheet.is_blind:
        return "correcting.blind"
    if sheet.subject.kind == ACCUSED:
        return "reception.barred_explained"
    return "correcting.identity_explained" if sheet.subject.kind == COMPLAINANT else "case.correct_explained"
