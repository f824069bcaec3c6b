"""A month of visits: seven columns, a cell a day, a line a visit that opens it."""

import calendar
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.services.rounds import DayVisit
from desktop.ui.screen import make_button
from desktop.ui.today.model import WEEKDAYS
from desktop.ui.widgets.moments import local_now
from desktop.ui.widgets.surfaces import Card, make_label
from desktop.ui.widgets.tips import plain_tip
from desktop.ui.workplace import Workplace

MOST_SHOWN = 3
CELL_HEIGHT = 74
DAYS_OF_WEEK = 7
LINE_PADDING = 6


class _VisitLine(QPushButton):
    """A village's name, shortened to the room there is."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._whole = text
        self.setToolTip(plain_tip(text))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        room = event.size().width() - LINE_PADDING
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))


class VisitCalendar(Card):
    """The month in front; ``on_month`` is asked for its visits when it is turned."""

    def __init__(self, place: Workplace, on_month: Callable[[], None], on_open: Callable[[str], None]) -> None:
        super().__init__("visit.calendar")
        self._place, self._on_month, self._on_open = place, on_month, on_open
        self.first = local_now().date().replace(day=1)
        for verb, icon, days in (("month_before", "arrow-left", -1), ("month_after", "arrow-right", 32)):
            turn = make_button(place, f"visit.{verb}", partial(self._turn, days), icon=icon, small=True)
            self.head.addWidget(turn)
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 8, 0, 0)
        self._grid.setSpacing(6)
        self.body.addWidget(self._holder)
        self.body.addStretch(1)

    def show_month(self, visits: Sequence[DayVisit]) -> None:
        """Write the month in front."""
        say = self._place.say
        self.heading.setText(say("visit.month", year=self.first.year, month=self.first.month))
        self.aside.setText(say("visit.month_count", count=len(visits)))
        self._begin_grid()
        weeks = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        for row, week in enumerate(weeks, start=1):
            for column, day in enumerate(week):
                if day.month == self.first.month:
                    of_day = [one for one in visits if one.day == day]
                    self._grid.addWidget(self._cell(day, of_day), row, column)

    def _turn(self, days: int) -> None:
        self.first = (self.first + timedelta(days=days)).replace(day=1)
        self._on_month()

    def _begin_grid(self) -> None:
        old, self._holder = self._holder, QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 8, 0, 0)
        self._grid.setSpacing(6)
        self.body.replaceWidget(old, self._holder)
        old.hide()
        old.deleteLater()
        for column, name in enumerate(WEEKDAYS):
            label = make_label(self._place.say(f"today.{name}"), "quiet", wrap=True)
            self._grid.addWidget(label, 0, column)
        for column in range(DAYS_OF_WEEK):
            self._grid.setColumnStretch(column, 1)

    def _cell(self, day: date, visits: Sequence[DayVisit]) -> QWidget:
        cell = QFrame()
        cell.setProperty("role", "day")
        cell.setProperty("today", day == local_now().date())
        cell.setMinimumHeight(self._place.look.scaled(CELL_HEIGHT))
        column = QVBoxLayout(cell)
        column.setContentsMargins(6, 3, 6, 4)
        column.setSpacing(2)
        column.addWidget(make_label(self._day_words(day), "strong" if visits else "quiet"))
        for index, visit in enumerate(visits[:MOST_SHOWN]):
            column.addWidget(self._line(index, visit))
        if len(visits) > MOST_SHOWN:
            more = self._place.say("visit.more_visits", count=len(visits) - MOST_SHOWN)
            column.addWidget(make_label(more, "quiet"))
        column.addStretch(1)
        return cell

    def _day_words(self, day: date) -> str:
        return self._place.say("visit.this_day", day=day.day) if day == local_now().date() else str(day.day)

    def _line(self, index: int, visit: DayVisit) -> QWidget:
        line = _VisitLine(visit.village or self._place.say("visit.no_village"))
        line.setObjectName(f"visit.calendar_{visit.day.day}_{index}")
        line.setProperty("line", True)
        line.setAccessibleName(f"{visit.day.isoformat()} {index + 1} {line.text()}")
        line.clicked.connect(lambda: self._on_open(visit.id))
        return line
