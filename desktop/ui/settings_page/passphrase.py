"""A new passphrase for a colleague who forgot his, by one who may manage users."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.screen import accessible_name, make_button
from desktop.ui.widgets.surfaces import Notice, make_label
from desktop.ui.widgets.typing import PERSONAL, Line
from desktop.ui.workplace import Workplace

SHORTEST = 8


class PassphraseForm(QDialog):
    """Typed twice; ``on_set`` gets it."""

    def __init__(self, place: Workplace, window: QWidget, name: str, on_set: Callable[[str], None]) -> None:
        super().__init__(window)
        self.setObjectName("settings.renew_form")
        self._place, self._on_set = place, on_set
        self.setWindowTitle(place.say("settings.new_for"))
        self.setMinimumWidth(place.look.scaled(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(make_label(place.say("settings.new_for"), "title"))
        words = make_label(place.say("settings.new_for_name", name=name))
        words.setWordWrap(True)
        column.addWidget(words)
        self.first, self.second = Line("settings.renew_passphrase"), Line("settings.renew_again")
        for line, key in ((self.first, "settings.new_passphrase"), (self.second, "settings.passphrase_again")):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setInputMethodHints(PERSONAL)
            line.setAccessibleName(f"{accessible_name(place, key)} {name}")
            column.addWidget(make_label(place.say(key), "label"))
            column.addWidget(line)
        self.notice = Notice(place.look, "settings.renew_notice")
        column.addWidget(self.notice)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(make_button(place, "settings.cancel_renew", self.reject, key="settings.cancel"))
        row.addWidget(make_button(place, "settings.set_passphrase", self._set, primary=True, icon="key-round"))
        column.addLayout(row)
        self.second.returnPressed.connect(self._set)

    def _set(self) -> None:
        first, second = self.first.text(), self.second.text()
        if len(first) < SHORTEST or first != second:
            short = len(first) < SHORTEST
            key = "unlock.passphrase_short" if short else "unlock.passphrases_differ"
            self.notice.tell(self._place.say(key), "wrong")
            return
        self.accept()
        self._on_set(first)
