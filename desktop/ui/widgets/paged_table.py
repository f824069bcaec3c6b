"""A table whose rows are fetched by keyset pages as it is scrolled; nothing is sorted or filtered in the window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from desktop.ui.theme import Look
from desktop.ui.voice import Voice
from desktop.ui.widgets.tips import plain_tip
from desktop.ui.widgets.typing import is_composing

PAGE_ROWS = 50
ROW_HEIGHT = 40
LEAST_STRETCH = 200
_ROOT = QModelIndex()
AnyIndex = QModelIndex | QPersistentModelIndex


class Page(Protocol):
    """One page of rows; ``next`` is the key of the following page or None."""

    @property
    def rows(self) -> Sequence[Any]:
        """The rows."""
        ...

    @property
    def next(self) -> Any:
        """Where the next page begins."""
        ...


@dataclass(frozen=True, slots=True)
class Column:
    """Heading key, what a row shows there, its width in pixels (0 = takes the rest), and icon and colour by row."""

    heading: str
    show: Callable[[Any], str]
    width: int = 0
    icon: Callable[[Any], tuple[str, str] | None] | None = None
    """(icon name, colour token) of a row."""
    spare: int = 0
    """Above 0 the column may go where the rest lacks room, the highest first."""
    wide: int = 0
    """The width in English, whose words are longer; 0 = the same."""

    def width_in(self, language: str) -> int:
        """Pixels at 100 %."""
        return self.wide if self.wide and language == "en" else self.width


Fetch = Callable[[Any, Callable[[Page], None]], None]
"""Ask for the page after a key; the page comes to the slot later."""


class PagedModel(QAbstractTableModel):
    """Rows so far, and the key of the rest."""

    loaded = Signal()

    def __init__(self, columns: tuple[Column, ...], voice: Voice, look: Look) -> None:
        super().__init__()
        self._columns, self._voice, self._look = columns, voice, look
        self._rows: list[Any] = []
        self._next: Any = None
        self._fetch: Fetch | None = None
        self._generation = 0
        self._is_waiting = False

    @property
    def language(self) -> str:
        """``zh`` or ``en``."""
        return self._voice.language

    def restart(self, fetch: Fetch) -> None:
        """Drop what is shown and fetch the first page; later pages come from the same ``fetch``."""
        self._generation += 1
        self._fetch, self._is_waiting = fetch, True
        generation = self._generation
        fetch(None, lambda page: self._replace(page, generation))

    def clear(self) -> None:
        """Drop every row; what is still under way is not shown."""
        self._generation += 1
        self._fetch = None
        self.beginResetModel()
        self._rows, self._next, self._is_waiting = [], None, False
        self.endResetModel()

    def row(self, index: int) -> Any:
        """The record behind a row."""
        return self._rows[index]

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Rows fetched so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, icon or colour of a cell."""
        if not index.isValid():
            return None
        column, row = self._columns[index.column()], self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.show(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.show(row))
        mark = column.icon(row) if column.icon else None
        if mark and role == Qt.ItemDataRole.DecorationRole and mark[0]:
            return self._look.pixmap(*mark, 16)
        if mark and role == Qt.ItemDataRole.ForegroundRole:
            return self._look.colour(mark[1])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings in the language in force."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return self._voice.say(self._columns[section].heading)

    def canFetchMore(self, parent: AnyIndex = _ROOT) -> bool:
        """True while there is a next page and none is under way."""
        return not parent.isValid() and self._next is not None and not self._is_waiting

    def fetchMore(self, parent: AnyIndex = _ROOT) -> None:
        """Ask for the next page."""
        if self._fetch is None or not self.canFetchMore(parent):
            return
        self._is_waiting = True
        generation = self._generation
        self._fetch(self._next, lambda page: self._append(page, generation))

    def repaint_all(self) -> None:
        """Language or theme changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._columns) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    def _replace(self, page: Page, generation: int) -> None:
        if generation != self._generation:
            return
        self.beginResetModel()
        self._rows, self._next, self._is_waiting = list(page.rows), page.next, False
        self.endResetModel()
        self.loaded.emit()

    def _append(self, page: Page, generation: int) -> None:
        if generation != self._generation:
            return
        self._is_waiting, self._next = False, page.next
        if page.rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(page.rows) - 1)
            self._rows += page.rows
            self.endInsertRows()
        self.loaded.emit()


class PagedTable(QTableView):
    """Shows a :class:`PagedModel`; Enter or double click opens a row."""

    opened = Signal(object)

    def __init__(self, name: str, model: PagedModel, columns: tuple[Column, ...], look: Look) -> None:
        super().__init__()
        self.setObjectName(name)
        self._paged, self._columns, self._look = model, columns, look
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(model.row(index.row())))
        look.changed.connect(self.fit)
        model.loaded.connect(self._show_focus)
        self.fit()

    def fit(self) -> None:
        """Row height and widths at the text size in force."""
        self.verticalHeader().setDefaultSectionSize(self._look.scaled(ROW_HEIGHT))
        header = self.horizontalHeader()
        for index, column in enumerate(self._columns):
            stretch = column.width == 0
            mode = QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(index, mode)
            if not stretch:
                header.resizeSection(index, self._wanted(column))
        self._hide_spare()
        self._paged.repaint_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns come and go with the room there is."""
        super().resizeEvent(event)
        self._hide_spare()

    def _hide_spare(self) -> None:
        """The stretching column keeps its least width; spare columns make room for it."""
        left = self.viewport().width() - self._look.scaled(LEAST_STRETCH)
        by_need = sorted(range(len(self._columns)), key=lambda index: self._columns[index].spare)
        for index in by_need:
            column = self._columns[index]
            left -= self._wanted(column)
            self.setColumnHidden(index, column.spare > 0 and left < 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The row where the arrows begin is seen."""
        super().focusInEvent(event)
        self._show_focus()

    def _show_focus(self) -> None:
        if self.hasFocus() and not self.currentIndex().isValid() and self._paged.rowCount():
            self.selectRow(0)

    def _wanted(self, column: Column) -> int:
        return self._look.scaled(column.width_in(self._paged.language))

    def current(self) -> Any | None:
        """The record of the selected row."""
        index = self.currentIndex()
        return self._paged.row(index.row()) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and not is_composing():
            row = self.current()
            if row is not None:
                self.opened.emit(row)
            return
        super().keyPressEvent(event)
