"""Rows that grow while they are filled: households met, and findings with an outcome each."""

from abc import abstractmethod
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.entry import Entry
from desktop.ui.screen import make_button
from desktop.ui.widgets.choices import TermChoice, terms
from desktop.ui.widgets.masked import PersonalLine, PersonalNumber
from desktop.ui.widgets.moments import DayField
from desktop.ui.widgets.segments import SegmentedChoice
from desktop.ui.widgets.surfaces import make_label, make_rule
from desktop.ui.widgets.typing import Area, Line, NumberLine
from desktop.ui.workplace import Workplace

MOST_ROWS = 200
FINDING_LINES = 2


class Row(QFrame):
    """One item; ``paths`` are its inputs in the entry."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix
        self.setProperty("role", "row")
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 4, 0, 4)
        self.grid.setHorizontalSpacing(10)
        self.grid.setVerticalSpacing(8)


class GrowingRows(QObject):
    """A list of items under a prefix; a spare empty row always follows the last filled one."""

    prefix = ""

    def __init__(self, place: Workplace, entry: Entry) -> None:
        super().__init__()
        self.place, self.entry = place, entry
        self.widget = QWidget()
        self._column = QVBoxLayout(self.widget)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.rows: list[Row] = []
        self.add()
        entry.edited.connect(self._keep_spare)

    def add(self) -> Row:
        """Another empty row."""
        index = len(self.rows)
        row = Row(f"{self.prefix}.{index}.")
        self.build(row, index)
        self.rows.append(row)
        if index:
            self._column.addWidget(make_rule())
        self._column.addWidget(row)
        return row

    @abstractmethod
    def build(self, row: Row, index: int) -> None:
        """Put the inputs of a row in place."""

    def keep(self, count: int) -> None:
        """Exactly ``count`` filled rows and a spare one."""
        while len(self.rows) < count + 1:
            self.add()
        while len(self.rows) > max(1, count + 1):
            self._drop_last()

    def focus_spare(self) -> None:
        """Go to the first empty row."""
        self._keep_spare()
        first = next(path for path in self.entry.paths() if path.startswith(self.rows[-1].prefix))
        self.entry[first].setFocus()

    def index_of_focus(self) -> int | None:
        """The row that holds the focus."""
        for index, row in enumerate(self.rows):
            focus = row.window().focusWidget()
            if focus is not None and (focus is row or row.isAncestorOf(focus)):
                return index
        return None

    def cell(self, row: Row, field: QWidget, name: str, at: tuple[int, int, int, int]) -> None:
        """A labelled input in the row's grid at (line, column, lines, columns)."""
        label = self.entry.add(f"{row.prefix}{name}", field, f"visit.{self.prefix}_{name}")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        label.setProperty("role", "quiet")
        column.addWidget(label)
        column.addWidget(field)
        row.grid.addWidget(holder, *at)

    def _keep_spare(self) -> None:
        last = self.rows[-1]
        filled = any(
            self.entry[path].value() not in (None, "") for path in self.entry.paths() if path.startswith(last.prefix)
        )
        if filled and len(self.rows) < MOST_ROWS:
            self.add()

    def _drop_last(self) -> None:
        row = self.rows.pop()
        self.entry.remove(row.prefix)
        for widget in (row, self._column.itemAt(self._column.count() - 2).widget()):  # type: ignore[union-attr]
            self._column.removeWidget(widget)  # type: ignore[arg-type]
            widget.setParent(None)  # type: ignore[union-attr]
            widget.deleteLater()  # type: ignore[union-attr]


class Households(GrowingRows):
    """Persons or families met."""

    prefix = "households"

    def build(self, row: Row, index: int) -> None:
        """In the order of the sheet: name, sex, age, family; address, phone, note."""
        sex = SegmentedChoice("", self.place.voice, terms("sex"))
        fields: tuple[tuple[QWidget, str, tuple[int, int, int, int]], ...] = (
            (PersonalLine(), "name", (0, 0, 1, 2)),
            (sex, "sex", (0, 2, 1, 1)),
            (NumberLine(), "age", (0, 3, 1, 1)),
            (Line(), "family", (0, 4, 1, 2)),
            (PersonalLine(), "address", (1, 0, 1, 2)),
            (PersonalNumber(), "phone", (1, 2, 1, 2)),
            (Line(), "note", (1, 4, 1, 2)),
        )
        for field, name, at in fields:
            self.cell(row, field, name, at)
        for column, stretch in enumerate((2, 2, 1, 1, 2, 2)):
            row.grid.setColumnStretch(column, stretch)


class Findings(GrowingRows):
    """What the visit turned up."""

    prefix = "findings"

    def __init__(self, place: Workplace, entry: Entry, on_case: Callable[[int], None]) -> None:
        self._on_case = on_case
        super().__init__(place, entry)

    def build(self, row: Row, index: int) -> None:
        """Text; outcome, problem, responsible, due, and the button that makes it a case."""
        text = Area()
        text.keep_lines(FINDING_LINES)
        text.setMaximumHeight(self.place.look.scaled(90))
        fields: tuple[tuple[QWidget, str, tuple[int, int, int, int]], ...] = (
            (text, "text", (0, 0, 1, 5)),
            (TermChoice("", self.place.voice, terms("finding_outcome")), "outcome", (1, 0, 1, 1)),
            (TermChoice("", self.place.voice, terms("problem_tag")), "problem_tag", (1, 1, 1, 1)),
            (Line(), "responsible", (1, 2, 1, 1)),
            (DayField(""), "due", (1, 3, 1, 1)),
        )
        for field, name, at in fields:
            self.cell(row, field, name, at)
        row.grid.addWidget(self._case_button(index), 1, 4)
        for column in range(4):
            row.grid.setColumnStretch(column, 1)

    def _case_button(self, index: int) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        button = make_button(
            self.place,
            f"visit.findings_{index}_make_case",
            lambda: self._on_case(index),
            icon="file-text",
            command="make_case",
            key="visit.make_case",
        )
        button.setAccessibleName(f"{self.place.say('visit.make_case')} {index + 1}")
        column.addWidget(button)
        return holder


def section(place: Workplace, key: str, add: QWidget | None = None) -> QWidget:
    """A heading with a button at its right."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 10, 0, 0)
    heading = make_label(role="heading")
    place.voice.put(heading, key)
    row.addWidget(heading)
    row.addStretch(1)
    if add is not None:
        row.addWidget(add)
    return holder
