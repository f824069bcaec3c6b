"""The villages of the unit as a grid of cells: visited, due, never; each with its word and what it leads to."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.services.rounds import DUE, NEVER, VISITED, Covered
from desktop.ui.screen import make_button
from desktop.ui.widgets.moments import local_now
from desktop.ui.widgets.surfaces import Card, ElidedLabel, Pill, clear_layout
from desktop.ui.workplace import Workplace

CELL_WIDTH, CELL_HEIGHT = 232, 112
MARGINS = 100
KINDS = {VISITED: "good", DUE: "due", NEVER: "overdue"}


class CoverageMap(Card):
    """Counts of the three states, then a cell a village, those that wait longest first."""

    def __init__(self, place: Workplace, on_visit: Callable[[str], None], on_open: Callable[[str], None]) -> None:
        super().__init__("visit.coverage")
        self._villages: Sequence[Covered] = ()
        self._columns = 0
        self._place, self._on_visit, self._on_open = place, on_visit, on_open
        place.voice.put(self.heading, "visit.coverage")
        self._counts = QHBoxLayout()
        self._counts.setSpacing(8)
        self.body.addLayout(self._counts)
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 8, 0, 0)
        self._grid.setSpacing(10)
        self.body.addWidget(self._holder)
        self.body.addStretch(1)

    def show_villages(self, villages: Sequence[Covered], interval_days: int) -> None:
        """Write everything anew."""
        say = self._place.say
        self.aside.setText(say("visit.coverage_interval", days=interval_days))
        self._show_counts(villages)
        order = (NEVER, DUE, VISITED)
        self._villages = sorted(
            villages, key=lambda one: (order.index(one.state), one.last_visit or date.min, one.place.code)
        )
        self._fill()

    def fit(self, room: int) -> None:
        """As many cells beside each other as so many pixels hold."""
        columns = max(1, (room - MARGINS) // self._place.look.scaled(CELL_WIDTH))
        if columns != self._columns:
            self._columns = columns
            self._fill()

    def _fill(self) -> None:
        self._empty()
        columns = max(1, self._columns)
        for index, village in enumerate(self._villages):
            self._grid.addWidget(self._cell(index, village), *divmod(index, columns))
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def _show_counts(self, villages: Sequence[Covered]) -> None:
        clear_layout(self._counts)
        for state, kind in KINDS.items():
            count = sum(one.state == state for one in villages)
            text = self._place.say(f"visit.coverage_{state}", count=count)
            self._counts.addWidget(Pill(self._place.look, text, kind))
        self._counts.addStretch(1)

    def _cell(self, index: int, village: Covered) -> QWidget:
        cell = Card()
        cell.hide_head()
        cell.setMinimumHeight(self._place.look.scaled(CELL_HEIGHT))
        words = QVBoxLayout()
        words.setSpacing(4)
        name = ElidedLabel()
        name.setText(village.place.name)
        name.setProperty("role", "strong")
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        words.addWidget(name)
        words.addWidget(Pill(self._place.look, self._state_words(village), KINDS[village.state]))
        cell.outer.setStretchFactor(cell.body, 1)
        cell.body.addLayout(words)
        cell.body.addWidget(self._buttons(index, village))
        cell.body.addStretch(1)
        return cell

    def _buttons(self, index: int, village: Covered) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 2, 0, 0)
        row.addWidget(self._button("visit_village", index, village, lambda: self._on_visit(village.place.code)))
        if village.last_id:
            row.addWidget(self._button("last_visit", index, village, lambda: self._on_open(village.last_id)))
        row.addStretch(1)
        return holder

    def _button(self, verb: str, index: int, village: Covered, on_click: Callable[[], None]) -> QWidget:
        button = make_button(self._place, f"visit.{verb}_{index}", on_click, small=True, key=f"visit.{verb}")
        button.setAccessibleName(f"{self._place.say(f'visit.{verb}')} {village.place.name} {village.place.code}")
        return button

    def _state_words(self, village: Covered) -> str:
        if village.last_visit is None:
            return self._place.say("today.never_visited")
        days = (local_now().date() - village.last_visit).days
        return self._place.say(f"visit.days_{village.state}", days=days)

    def _empty(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
