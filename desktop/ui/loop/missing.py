"""What a letter still lacks, told while it is typed: each missing input is a button that leads to it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.entry import Entry
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import bring_in_sight, clear_layout, make_label
from desktop.ui.workplace import Workplace

PAUSE_MILLISECONDS = 400
MOST_BUTTONS = 8
A_ROW = 4


class MissingLine(QWidget):
    """``ask`` gets what was typed, and hands the names of missing inputs to :meth:`show_missing`."""

    def __init__(self, place: Workplace, entry: Entry) -> None:
        super().__init__()
        self._place, self._entry = place, entry
        self._ask: Callable[[dict[str, Any]], object] = lambda _: None
        self._asked = QTimer(self)
        self._asked.setSingleShot(True)
        self._asked.setInterval(PAUSE_MILLISECONDS)
        self._asked.timeout.connect(self.ask_now)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        words = QVBoxLayout()
        self._words = make_label(role="amber")
        words.addWidget(self._words)
        words.addStretch(1)
        row.addLayout(words)
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        row.addLayout(self._grid)
        row.addStretch(1)
        self.hide()

    def watch(self, ask: Callable[[dict[str, Any]], object]) -> None:
        """Ask now, and whenever typing pauses."""
        self._ask = ask
        self._entry.edited.connect(self._asked.start)
        self.ask_now()

    def ask_now(self) -> None:
        """Ask with what stands there now."""
        self._ask(self._entry.values())

    def show_missing(self, names: Sequence[str]) -> None:
        """Write a button for each missing input."""
        paths = dict.fromkeys(name.replace("[", ".").replace("]", "") for name in names)
        shown = [path for path in paths if path in self._entry]
        clear_layout(self._grid)
        a_row = A_ROW
        for index, path in enumerate(shown[:MOST_BUTTONS]):
            self._grid.addWidget(self._button(path), *divmod(index, a_row))
        self._words.setText(self._place.say("loop.still_missing", count=len(shown)))
        self.setVisible(bool(shown))

    def _button(self, path: str) -> QWidget:
        name = f"loop.go_to_{path.replace('.', '_')}"
        button = make_button(self._place, name, lambda: self._go_to(path), small=True, key="loop.go_to")
        said = self._entry.label(path).text()
        button.setText(said)
        button.setAccessibleName(f"{self._place.say('loop.go_to')} {said} {path}")
        return button

    def _go_to(self, path: str) -> None:
        field = self._entry[path]
        field.setFocus()
        bring_in_sight(field)
