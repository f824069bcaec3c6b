"""The filters over the list of cases: status, who holds it, when it is due, unit, source, problem."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from desktop.services.shapes import Place
from desktop.ui.cases.model import SOON_DAYS, STATUSES
from desktop.ui.screen import accessible_name
from desktop.ui.widgets.choices import SHORTEST_SHOWN, TermChoice, terms
from desktop.ui.widgets.surfaces import make_label
from desktop.ui.workplace import Workplace

CELL_WIDTH, MOST_COLUMNS = 150, 6
OVERDUE, WEEK = "OVERDUE", "WEEK"
DUES = ((OVERDUE, "cases.due_overdue"), (WEEK, "cases.due_week"))


@dataclass(frozen=True, slots=True)
class DueSpan:
    """Due days from ``first`` (None: from the beginning) to ``last``, both included."""

    first: date | None
    last: date


def due_span(chosen: str | None, today: date) -> DueSpan | None:
    """The days a choice of the due filter means."""
    if chosen == OVERDUE:
        return DueSpan(None, today - timedelta(days=1))
    return DueSpan(today, today + timedelta(days=SOON_DAYS)) if chosen == WEEK else None


class UnitFilter(QComboBox):
    """Any unit, or one of those that are known here."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(SHORTEST_SHOWN)
        self.activated.connect(lambda _: self.edited.emit())

    def set_units(self, units: Sequence[Place]) -> None:
        """Offer these; the choice stays where it still stands."""
        chosen = self.value()
        self.clear()
        self.addItem("—", None)
        for unit in units:
            self.addItem(unit.name, unit.code)
        self.set_value(chosen)

    def value(self) -> str | None:
        """The code of the chosen unit."""
        data = self.currentData()
        return str(data) if data is not None else None

    def set_value(self, value: object) -> None:
        """Choose a unit by its code."""
        self.setCurrentIndex(max(0, self.findData(value)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page, never the choice."""
        event.ignore()


class CaseFilters(QWidget):
    """All filters, as many beside each other as fit."""

    edited = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        voice = place.voice
        self.status = TermChoice("", voice, terms("case_status", *STATUSES))
        self.due = TermChoice("", voice, DUES)
        self.holder, self.unit = UnitFilter(), UnitFilter()
        self._pickers: dict[str, TermChoice | UnitFilter] = {
            "status": self.status,
            "due": self.due,
            "holder": self.holder,
            "unit": self.unit,
            "source_channel": TermChoice("", voice, terms("source_channel")),
            "problem_tag": TermChoice("", voice, terms("problem_tag")),
        }
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 4)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._cells = [self._cell(name, picker) for name, picker in self._pickers.items()]
        self._columns = 0
        self._arrange(MOST_COLUMNS)

    def values(self) -> dict[str, Any]:
        """Column → value of what is chosen; ``due`` is not among them (see :func:`due_span`)."""
        chosen = {name: picker.value() for name, picker in self._pickers.items() if name != "due"}
        return {name: value for name, value in chosen.items() if value}

    def set_units(self, units: Sequence[Place]) -> None:
        """The units to choose from."""
        self.holder.set_units(units)
        self.unit.set_units(units)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit."""
        super().resizeEvent(event)
        fitting = event.size().width() // self._place.look.scaled(CELL_WIDTH)
        self._arrange(6 if fitting >= MOST_COLUMNS else 3 if fitting >= 3 else 2)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, int(column < columns))
        self._columns = columns
        for index, cell in enumerate(self._cells):
            self._grid.addWidget(cell, *divmod(index, columns))

    def _cell(self, name: str, picker: TermChoice | UnitFilter) -> QWidget:
        key, place = f"cases.{name}", self._place
        picker.setObjectName(key)
        place.voice.follow(picker, lambda: accessible_name(place, key), "setAccessibleName")
        picker.edited.connect(self.edited)
        label = make_label(role="quiet")
        place.voice.put(label, key)
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(label)
        column.addWidget(picker)
        return cell
