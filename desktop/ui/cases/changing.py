"""Small forms over a case: pick a reason, correct a field."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from desktop.ui.cases.actions import CaseView
from desktop.ui.cases.model import VOCABULARY_OF
from desktop.ui.entry import Entry, FormGrid
from desktop.ui.screen import make_button
from desktop.ui.widgets.choices import TermChoice, terms
from desktop.ui.widgets.places import VillagePicker
from desktop.ui.widgets.surfaces import make_label, scrolling
from desktop.ui.widgets.typing import Area, Line
from desktop.ui.workplace import Workplace

WIDTH, HEIGHT = 660, 590


class ReasonPicker(QDialog):
    """A list of reasons, first chosen; Enter takes it, a line below takes another."""

    def __init__(
        self, place: Workplace, window: QWidget, verb: str, reasons: tuple[str, ...], on_pick: Callable[[str], None]
    ) -> None:
        super().__init__(window)
        self.setObjectName(f"case.{verb}_reasons")
        self._on_pick = on_pick
        self.setWindowTitle(place.say(f"case.{verb}_reason"))
        self.setMinimumWidth(place.look.scaled(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        explained = make_label(place.say(f"case.{verb}_explained"))
        explained.setWordWrap(True)
        column.addWidget(make_label(place.say(f"case.{verb}_reason"), "title"))
        column.addWidget(explained)
        self.reasons = QListWidget()
        self.reasons.setObjectName(f"case.{verb}_reason")
        self.reasons.setAccessibleName(place.say(f"case.{verb}_reason"))
        self.reasons.addItems(reasons)
        self.reasons.setCurrentRow(0)
        self.reasons.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.reasons.itemActivated.connect(lambda _: self._pick())
        column.addWidget(self.reasons)
        self.other = Line(f"case.{verb}_other_reason")
        self.other.setAccessibleName(place.say("case.other_reason"))
        self.other.setPlaceholderText(place.say("case.other_reason"))
        column.addWidget(self.other)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(make_button(place, f"case.cancel_{verb}", self.reject, key="case.cancel_step"))
        self.go = make_button(place, f"case.confirm_{verb}", self._pick, primary=True)
        row.addWidget(self.go)
        column.addLayout(row)
        self.reasons.setFocus()

    def _pick(self) -> None:
        item = self.reasons.currentItem()
        reason = self.other.value() or (item.text() if item is not None else "")
        self.accept()
        if reason:
            self._on_pick(reason)


class CorrectForm(QDialog):
    """The fields of a case that may be corrected; only what differs is written."""

    def __init__(
        self,
        place: Workplace,
        window: QWidget,
        view: CaseView,
        on_write: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__(window)
        self.setObjectName("case.correct_form")
        self._shown, self._names, self._on_write = view.shown, view.correctable, on_write
        self.setWindowTitle(place.say("case.correct"))
        self.resize(place.look.scaled(WIDTH), min(place.look.scaled(HEIGHT), window.height() - 40))
        self.entry = Entry(place, "case")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(make_label(place.say("case.correct"), "title"))
        column.addWidget(make_label(place.say("case.correct_explained"), "quiet"))
        content = QWidget()
        grid = FormGrid(self.entry)
        content.setLayout(grid)
        column.addWidget(scrolling(content), 1)
        for name in view.correctable:
            grid.across(name, self._input(place, name), top=name == "content")
        self.entry.fill(view.shown)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(make_button(place, "case.cancel_correct", self.reject, key="case.cancel_step"))
        row.addWidget(make_button(place, "case.write_correction", self._write, primary=True, icon="check"))
        column.addLayout(row)

    def _write(self) -> None:
        values = self.entry.values()
        changes = {name: values.get(name) for name in self._names if values.get(name) != self._shown.get(name)}
        self.accept()
        if changes:
            self._on_write(changes)

    def _input(self, place: Workplace, name: str) -> QWidget:
        if name in VOCABULARY_OF:
            return TermChoice("", place.voice, terms(VOCABULARY_OF[name]))
        if name == "village":
            return VillagePicker("", place.place_finder(self.entry))
        if name == "content":
            area = Area()
            area.keep_lines(6)
            return area
        return Line()
