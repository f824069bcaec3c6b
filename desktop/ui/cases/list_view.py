"""The list of cases: pages by keyset, filters by pickers, search over every text."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget

from desktop.services.shapes import Hit, Row, RowPage
from desktop.ui.cases.actions import CaseActions
from desktop.ui.cases.filters import CaseFilters, due_span
from desktop.ui.cases.model import days_key, light_of
from desktop.ui.screen import Commands, Screen, accessible_name
from desktop.ui.widgets.moments import local_now
from desktop.ui.widgets.paged_table import Column, PagedModel, PagedTable
from desktop.ui.widgets.surfaces import Card, EmptyState, Notice
from desktop.ui.widgets.typing import Line, half_width, is_composing
from desktop.ui.workplace import Workplace
from sync.domain.times import to_local

SEARCH_PAUSE_MILLISECONDS = 250
SEARCH_WIDTH = 320
LIGHTS = {"overdue": ("triangle-alert", "red"), "due": ("clock", "amber")}


class CasesScreen(Screen):
    """All cases this office sees."""

    name = "cases"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._actions = CaseActions(place)
        self._make_top()
        self._make_middle()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self.refresh)
        place.tasks.changed.connect(self._on_changed)

    def open(self, argument: Any = None) -> None:
        """``{"search": text}`` searches, ``{"status": code}`` filters."""
        if isinstance(argument, dict) and "search" in argument:
            self.search_line.setText(argument["search"])
            self.search_line.setFocus()
        if isinstance(argument, dict) and "status" in argument:
            self.filters.status.set_value(argument["status"])
        if self.place.tasks.is_open:
            self._actions.units(self.filters.set_units)
        self.refresh()
        if argument == "search":
            self.search_line.setFocus()
            self.search_line.selectAll()
        elif argument is None:
            self.table.setFocus()

    def refresh(self) -> None:
        """Fetch from the head, or search."""
        if not self.place.tasks.is_open:
            return
        text = half_width(self.search_line.text())
        self.filters.setEnabled(not text)
        if text:
            self._actions.search(text, self._show_hits)
            return
        self.notice.tell("")
        filters, span = self.filters.values(), due_span(self.filters.due.value(), local_now().date())
        self.model.restart(lambda after, deliver: self._actions.fetch(filters, span, after, deliver))

    def forget(self) -> None:
        """Locked."""
        self.notice.tell("")
        self.search_line.clear()
        self.model.clear()

    def commands(self) -> Commands:
        """Keys of this page."""
        return {"refresh": self.refresh, "search": self.search_line.setFocus}

    def on_voice(self) -> None:
        """Headings and labels."""
        self.table.fit()

    def _show_hits(self, found: tuple[Sequence[Hit], int]) -> None:
        hits, unindexed = found
        self.notice.tell(self.place.say("cases.unindexed", count=unindexed) if unindexed else "", "care")
        rows = tuple(_row_of(hit) for hit in hits)
        self.model.restart(lambda _, deliver: deliver(RowPage(rows)))

    def _open_row(self, row: Row) -> None:
        if row.kind == "Visit":
            self.place.go.emit("visit", {"visit": row.id})
        elif row.kind == "Case":
            self.place.go.emit("case", row.id)
        else:
            self._actions.head_of(row.kind, row.id, self._open_head)

    def _open_head(self, head: tuple[str, str] | None) -> None:
        """What a hit inside a case or a visit belongs to."""
        if head is not None:
            kind, record = head
            self.place.go.emit(kind, record if kind == "case" else {"visit": record})

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if "Case" in kinds and self.isVisible():
            self.refresh()

    def _to_table(self) -> None:
        self.table.setFocus()

    def _start_timer(self) -> None:
        self._timer.start()

    def _make_top(self) -> None:
        self.top.addStretch(1)
        self.search_line = _SearchLine("cases.search", self._to_table)
        place = self.place
        place.voice.put(self.search_line, "cases.search_hint", "setPlaceholderText")
        place.voice.follow(self.search_line, lambda: accessible_name(place, "cases.search"), "setAccessibleName")
        place.look.changed.connect(self._fit_search)
        self._fit_search()
        self.search_line.edited.connect(self._start_timer)
        self.top.addWidget(self.search_line)

    def _make_middle(self) -> None:
        column = self.add_scroll()
        card = Card()
        card.hide_head()
        self.filters = CaseFilters(self.place)
        self.filters.edited.connect(self.refresh)
        card.body.addWidget(self.filters)
        self.notice = Notice(self.place.look, "cases.notice")
        card.body.addWidget(self.notice)
        columns = self._columns()
        self.model = PagedModel(columns, self.place.voice, self.place.look)
        self.table = PagedTable("cases.list", self.model, columns, self.place.look)
        place = self.place
        place.voice.follow(self.table, lambda: accessible_name(place, "cases.list"), "setAccessibleName")
        self.table.opened.connect(self._open_row)
        self._nothing = EmptyState(self.place.look, "inbox")
        self.place.voice.put(self._nothing.words, "cases.nothing")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._nothing)
        card.body.addWidget(self._pages, 1)
        self.model.loaded.connect(self._show_emptiness)
        column.addWidget(card, 1)

    def _fit_search(self) -> None:
        self.search_line.setMinimumWidth(self.place.look.scaled(SEARCH_WIDTH))

    def _show_emptiness(self) -> None:
        empty = self.model.rowCount() == 0
        if empty:
            self.table.clearFocus()
        self._pages.setCurrentIndex(int(empty))

    def _columns(self) -> tuple[Column, ...]:
        voice = self.place.voice
        return (
            Column("cases.column_title", self._title),
            Column(
                "cases.column_status",
                lambda row: _status(voice.label("case_status", row.status), row, voice.say("cases.unsent")),
                160,
                _status_mark,
                wide=216,
            ),
            Column("cases.column_due", self._due_words, 150, _due_mark),
            Column(
                "cases.column_channel",
                lambda row: voice.label("source_channel", row.columns.get("source_channel")),
                130,
                spare=2,
            ),
            Column("cases.column_day", _day, 110, spare=3),
            Column("cases.column_number", lambda row: row.number or "", 230, spare=1),
        )

    def _title(self, row: Row) -> str:
        """What it is about; where the content is not for the reader, what kind of matter it is."""
        if row.title:
            return row.title
        voice = self.place.voice
        sealed = voice.label("secrecy", row.secrecy) if row.secrecy == "SEALED" else ""
        tag = voice.label("problem_tag", row.columns.get("problem_tag"))
        known = filter(None, (sealed, voice.label("nature", row.nature), tag, voice.say("cases.no_title")))
        return " · ".join(known)

    def _due_words(self, row: Row) -> str:
        if row.due is None:
            return ""
        key, days = days_key(row.due, local_now().date())
        return self.place.say(key, days=days)


class _SearchLine(Line):
    """Enter goes to the list, but not while the input method composes."""

    def __init__(self, name: str, on_enter: Callable[[], None]) -> None:
        super().__init__(name)
        self._on_enter = on_enter

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leaves for the list."""
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_composing():
            self._on_enter()


def _row_of(hit: Hit) -> Row:
    return Row(hit.kind, hit.id, hit.number, hit.created_at, hit.title or hit.snippet)


def _day(row: Row) -> str:
    return to_local(row.received_at or row.created_at).date().isoformat()


def _status(label: str, row: Row, unsent: str) -> str:
    if row.kind != "Case":
        return ""
    return f"{label} · {unsent}" if row.unsent and label else label


def _status_mark(row: Row) -> tuple[str, str] | None:
    if row.unsent:
        return "arrow-up", "amber"
    return ("circle-dot", "muted") if row.status else None


def _due_mark(row: Row) -> tuple[str, str] | None:
    return LIGHTS.get(light_of(row.due, local_now().date()))
