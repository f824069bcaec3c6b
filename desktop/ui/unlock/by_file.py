"""The first run without a network: the request goes to the county as a file, its answer comes back as one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import make_label
from desktop.ui.workplace import Workplace


class ByFile(QWidget):
    """Two numbered steps behind a toggle; ``write`` and ``read`` get the chosen file."""

    def __init__(self, place: Workplace, write: Callable[[Path], None], read: Callable[[Path], None]) -> None:
        super().__init__()
        self._place, self._write, self._read = place, write, read
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.toggle = make_button(place, "unlock.by_file", str, icon="chevron-right", flat=True)
        self.toggle.setCheckable(True)
        column.addWidget(self.toggle)
        self._steps = QWidget()
        steps = QVBoxLayout(self._steps)
        steps.setContentsMargins(0, 0, 0, 0)
        words = make_label(role="quiet", wrap=True)
        place.voice.put(words, "unlock.by_file_line")
        steps.addWidget(words)
        row = QHBoxLayout()
        self.out_button = make_button(place, "unlock.carry_out", self._ask_out, icon="upload")
        self.in_button = make_button(place, "unlock.carry_in", self._ask_in, icon="download")
        for button in (self.out_button, self.in_button):
            row.addWidget(button, 1)
        steps.addLayout(row)
        column.addWidget(self._steps)
        self._steps.hide()
        self.toggle.toggled.connect(self._steps.setVisible)

    def set_busy(self, busy: bool) -> None:
        """While something runs neither step can be begun."""
        for button in (self.out_button, self.in_button):
            button.setEnabled(not busy)

    def _ask_out(self) -> None:
        title, name = self._place.say("unlock.carry_out"), self._place.say("unlock.request_name")
        path, _ = QFileDialog.getSaveFileName(self, title, name)
        if path:
            self._write(Path(path))

    def _ask_in(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("unlock.carry_in"))
        if path:
            self._read(Path(path))
