"""A computer that waits to be let in: the digits to compare, and the county asked again from time to time."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.screen import make_button
from desktop.ui.widgets.codes import CodeSheet
from desktop.ui.widgets.surfaces import make_label
from desktop.ui.workplace import Workplace

ASK_MILLISECONDS = 15_000


class Admittance(QWidget):
    """Hidden until the county said that somebody must confirm; ``ask`` gets what was told, unchanged."""

    def __init__(
        self,
        place: Workplace,
        ask: Callable[[Any], None],
        back: Callable[[], None],
        *,
        screen: str = "first_run",
        topic: str = "first_run",
        words_key: str = "first_run.waits",
    ) -> None:
        super().__init__()
        self._told: Any = None
        self._ask = ask
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        words = make_label(wrap=True)
        place.voice.put(words, words_key)
        column.addWidget(words)
        self.sheet = CodeSheet(place, screen, "first_run.sheet", topic)
        column.addWidget(self.sheet)
        row = QHBoxLayout()
        row.addWidget(make_button(place, f"{screen}.back", back, icon="arrow-left", flat=True, key="first_run.back"))
        row.addStretch(1)
        self.ask_button = make_button(
            place, f"{screen}.ask", self.ask_again, icon="refresh-cw", primary=True, key="first_run.ask"
        )
        row.addWidget(self.ask_button)
        column.addLayout(row)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ASK_MILLISECONDS)
        self._timer.timeout.connect(self.ask_again)
        self.hide()

    def wait(self, told: Any, comparison: str, user: str) -> None:
        """Show the digits; the county is asked again in a while."""
        self._told = told
        self.sheet.show_code(comparison, user=user)
        self.show()
        self._timer.start()

    def ask_again(self) -> None:
        """Now, while it is waited for."""
        if self._told is not None and self.isVisible():
            self._ask(self._told)

    def set_busy(self, busy: bool) -> None:
        """While the county is asked."""
        self.ask_button.setEnabled(not busy)

    def end(self) -> None:
        """Waited for no more."""
        self._told = None
        self._timer.stop()
        self.sheet.show_code("")
        self.hide()
