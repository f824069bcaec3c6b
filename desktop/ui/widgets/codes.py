"""Digits that two people compare over the telephone: large, in groups, to be copied or printed."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import lay_out_again, make_label
from desktop.ui.workplace import Workplace


class CodeSheet(QFrame):
    """Hidden until there is a code. ``text_key`` names the words printed with it; they take ``code`` and more."""

    def __init__(self, place: Workplace, screen: str, text_key: str, topic: str = "") -> None:
        super().__init__()
        self.setProperty("role", "code_sheet")
        self._place, self._text_key = place, text_key
        self._values: dict[str, Any] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        said = make_label(role="quiet")
        place.voice.put(said, "ui.compare_code")
        self.code = QLabel()
        self.code.setObjectName(f"{screen}.code")
        self.code.setProperty("role", "code")
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        place.voice.put(self.code, "ui.code", "setAccessibleName")
        column.addWidget(said)
        column.addWidget(self.code)
        row = QHBoxLayout()
        row.addStretch(1)
        for verb, work, icon in (("copy_code", self.copy, "copy"), ("print_code", self.print, "printer")):
            button = make_button(place, f"{screen}.{verb}", work, small=True, icon=icon, key=f"ui.{verb}")
            place.voice.follow(button, partial(_name_of, place, topic or screen, verb), "setAccessibleName")
            row.addWidget(button)
        column.addLayout(row)
        self.show_code("")

    def show_code(self, code: str, **values: Any) -> None:
        """Show the digits; an empty code hides them."""
        self._values = {"code": code, **values}
        self.code.setText(code)
        self.setVisible(bool(code))
        lay_out_again(self.window() if code else self)

    def copy(self) -> None:
        """Put the digits into the clipboard."""
        QApplication.clipboard().setText(self.code.text())
        self._place.toast.emit(self._place.say("ui.code_copied"))

    def words(self) -> str:
        """What the paper says."""
        return self._place.say(self._text_key, **self._values)

    def print(self) -> None:
        """Print the words with the digits on a sheet."""
        if not QPrinterInfo.availablePrinterNames():
            self._place.toast.emit(self._place.say("ui.no_printer"))
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec():
            document = QTextDocument()
            document.setPlainText(self.words())
            document.print_(printer)


def _name_of(place: Workplace, screen: str, verb: str) -> str:
    return f"{place.say(f'{screen}.screen_title')} · {place.say(f'ui.{verb}')}"
