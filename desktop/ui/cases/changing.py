"""Small forms over a case: pick a reason, correct its fields. Both stay open until the change is saved."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QListWidget, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.cases.actions import CaseView
from desktop.ui.entry import FormGrid
from desktop.ui.kept import KeptDialog
from desktop.ui.screen import make_button
from desktop.ui.widgets.choices import TermChoice, terms
from desktop.ui.widgets.moments import MomentField
from desktop.ui.widgets.places import VillagePicker
from desktop.ui.widgets.surfaces import make_label, scrolling
from desktop.ui.widgets.typing import Area, Line
from desktop.ui.workplace import Workplace
from sync.domain.declarations import FieldType, facet_of
from sync.domain.records import Case

WIDTH, HEIGHT = 680, 620
CONTENT_LINES, LINES = 5, 2


class ReasonPicker(KeptDialog):
    """A list of reasons, first chosen; Enter takes it, a line below takes another."""

    def __init__(
        self, place: Workplace, window: QWidget, verb: str, reasons: tuple[str, ...], on_pick: Callable[[str], None]
    ) -> None:
        super().__init__(place, window, f"case.{verb}_reasons", place.say(f"case.{verb}_reason"), "case")
        self._on_pick = on_pick
        self.setMinimumWidth(place.look.scaled(420))
        explained = make_label(place.say(f"case.{verb}_explained"))
        explained.setWordWrap(True)
        self.column.addWidget(make_label(place.say(f"case.{verb}_reason"), "title"))
        self.column.addWidget(self.restored)
        self.column.addWidget(explained)
        self.reasons = QListWidget()
        self.reasons.setObjectName(f"case.{verb}_reason")
        self.reasons.setAccessibleName(place.say(f"case.{verb}_reason"))
        self.reasons.addItems(reasons)
        self.reasons.setCurrentRow(0)
        self.reasons.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.reasons.itemActivated.connect(lambda _: self._pick())
        self.column.addWidget(self.reasons)
        self.other = Line()
        self.entry.add(f"{verb}_other_reason", self.other, "case.other_reason")
        self.other.setPlaceholderText(place.say("case.other_reason"))
        self.other.returnPressed.connect(self._pick)
        self.column.addWidget(self.other)
        self.go = make_button(place, f"case.confirm_{verb}", self._pick, primary=True, command="commit")
        cancel = make_button(place, f"case.cancel_{verb}", self.reject, key="case.cancel_step")
        self.add_buttons(cancel, self.go)

    def focus_first(self) -> None:
        """The list, or what was typed instead of taking from it."""
        (self.other if self.other.text() else self.reasons).setFocus()

    def _pick(self) -> None:
        item = self.reasons.currentItem()
        self.submit()
        self._on_pick(self.other.value() or (item.text() if item is not None else ""))


class CorrectForm(KeptDialog):
    """The fields of a case that may be corrected; only what differs is written."""

    def __init__(
        self,
        place: Workplace,
        window: QWidget,
        view: CaseView,
        on_write: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__(place, window, "case.correct_form", place.say("case.correct"), "case")
        self._shown, self._names, self._on_write = view.shown, view.correctable, on_write
        self.resize(place.look.scaled(WIDTH), min(place.look.scaled(HEIGHT), window.height() - 40))
        self.column.addWidget(make_label(place.say("case.correct"), "title"))
        self.column.addWidget(make_label(place.say("case.correct_explained"), "quiet", wrap=True))
        self.column.addWidget(self.restored)
        self.column.addWidget(self._make_fields(), 1)
        self.entry.fill(view.shown)
        write = make_button(place, "case.write_correction", self._write, primary=True, icon="check", command="commit")
        self.add_buttons(make_button(place, "case.cancel_correct", self.reject, key="case.cancel_step"), write)

    def typed(self) -> dict[str, Any]:
        """What differs from the case, None where a field was emptied."""
        values = self.entry.values()
        return {name: values.get(name) for name in self._names if values.get(name) != self._shown.get(name)}

    def show_typed(self, values: dict[str, Any]) -> None:
        """The case as it stands, with what was typed."""
        self.entry.fill({**self._shown, **values})

    def _write(self) -> None:
        self.submit()
        self._on_write(self.typed())

    def _make_fields(self) -> QScrollArea:
        content = QWidget()
        holder = QVBoxLayout(content)
        holder.setContentsMargins(0, 0, 8, 0)
        grid = FormGrid(self.entry)
        holder.addLayout(grid)
        holder.addStretch(1)
        for name in self._names:
            field = self._input(name)
            grid.across(name, field, top=isinstance(field, Area))
        return scrolling(content)

    def _input(self, name: str) -> QWidget:
        facet = facet_of(Case)[name]
        if facet.type is FieldType.CODE:
            return TermChoice("", self.place.voice, terms(facet.vocabulary))
        if facet.type is FieldType.VILLAGE:
            return VillagePicker("", self.place.place_finder(self.entry))
        if facet.type is FieldType.INSTANT:
            return MomentField("")
        if facet.type is FieldType.LONG_TEXT:
            area = Area()
            area.keep_lines(CONTENT_LINES if name == "content" else LINES)
            return area
        return Line()
