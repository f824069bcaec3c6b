"""A forgotten passphrase: a request for two custodians, then their answer as a file or the word they read out."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QWidget

from desktop.services.recovering import Asked
from desktop.ui.help_page.pages import HelpDialog
from desktop.ui.screen import accessible_name, make_button
from desktop.ui.unlock.actions import UnlockActions
from desktop.ui.widgets.codes import CodeSheet
from desktop.ui.widgets.surfaces import Card, Notice, make_label, make_rule
from desktop.ui.widgets.typing import PERSONAL, LatinLine, Line
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

SHORTEST_PASSPHRASE = 8


class RecoverForm(Card):
    """Two steps under each other; between them a telephone call or a stick."""

    def __init__(
        self, place: Workplace, actions: UnlockActions, on_done: Callable[[], None], on_back: Callable[[], None]
    ) -> None:
        super().__init__()
        self._place, self._actions, self._on_done = place, actions, on_done
        self._user = ""
        place.voice.follow(self.heading, lambda: place.say("unlock.recover_of", user=self._user))
        self.body.setSpacing(6)
        self._say("unlock.recover_line")
        self.passphrase = self._line("unlock.recover_passphrase")
        self.again = self._line("unlock.recover_again")
        self.ask_button = make_button(place, "unlock.recover_ask", self.ask, icon="upload", primary=True)
        self.body.addWidget(self.ask_button)
        self.sheet = CodeSheet(place, "unlock", "unlock.recover_sheet")
        self.body.addWidget(self.sheet)
        self.notice = Notice(place.look, "unlock.recover_notice")
        self.body.addWidget(self.notice)
        self.body.addWidget(make_rule())
        self._make_answer()
        back = make_button(place, "unlock.recover_back", on_back, icon="arrow-left", flat=True)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addStretch(1)
        who = make_button(place, "unlock.recover_custodians", self.explain, icon="circle-question-mark", flat=True)
        row.addWidget(who)
        self.body.addLayout(row)

    def begin(self, user: str) -> None:
        """For the user chosen at the sign-in; a request that waits is told."""
        self._user = user
        self.heading.setText(self._place.say("unlock.recover_of", user=user))
        self.forget()
        if self._actions.recovery_waits:
            self.notice.tell(self._place.say("unlock.recover_waits"))
        self.passphrase.setFocus()

    def explain(self) -> None:
        """Who the custodians are, and what to do: a page of help, readable before anybody signed in."""
        HelpDialog(self._place, self.window(), "custodians").open()

    def forget(self) -> None:
        """Nothing typed stays."""
        for line in (self.passphrase, self.again, self.word):
            line.clear()
        self.sheet.show_code("")
        self.notice.tell("")
        self._set_busy(False)

    def ask(self) -> None:
        """Ask where the request goes, then write it."""
        if not self._fits():
            return
        title = self._place.say("unlock.recover_ask")
        path, _ = QFileDialog.getSaveFileName(self, title, self._place.say("unlock.recover_name"))
        if path:
            self.write_request(Path(path))

    def write_request(self, path: Path) -> None:
        """Write the request and show the digits to compare."""
        if not self._fits():
            return
        self._set_busy(True)
        self._actions.ask_recovery(
            self._user, self.passphrase.text(), path, lambda asked: self._asked(asked, path), self._refused
        )

    def ask_answer(self) -> None:
        """Ask for the custodians' file."""
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("unlock.recover_finish"))
        if path:
            self.read_answer(Path(path))

    def read_answer(self, path: Path) -> None:
        """Sign in with the custodians' file."""
        self._finish(path)

    def use_word(self) -> None:
        """Sign in with the word heard over the telephone."""
        word = self.word.value()
        if not word:
            self._wrong("unlock.recover_word_wanted", self.word)
        else:
            self._finish(word)

    def _finish(self, source: Path | str) -> None:
        if not self._fits():
            return
        self._set_busy(True)
        self._actions.recover(self._user, self.passphrase.text(), source, lambda _: self._recovered(), self._refused)

    def _asked(self, asked: Asked, path: Path) -> None:
        self._set_busy(False)
        self.sheet.show_code(asked.code, user=self._user, file=path.name)
        self.notice.tell(self._place.say("unlock.recover_written", file=path.name), "good")

    def _recovered(self) -> None:
        self.forget()
        self._on_done()
        self._place.toast.emit(self._place.say("unlock.recovered"))

    def _refused(self, error: LiandongError) -> None:
        self._set_busy(False)
        self.notice.tell(self._place.say_error(error), "wrong")

    def _fits(self) -> bool:
        if len(self.passphrase.text()) < SHORTEST_PASSPHRASE:
            self._wrong("unlock.passphrase_short", self.passphrase)
            return False
        if self.passphrase.text() != self.again.text():
            self._wrong("unlock.passphrases_differ", self.again)
            return False
        return True

    def _wrong(self, key: str, field: QWidget) -> None:
        self.notice.tell(self._place.say(key), "wrong")
        field.setFocus()

    def _set_busy(self, busy: bool) -> None:
        for button in (self.ask_button, self.finish_button, self.word_button):
            button.setEnabled(not busy)

    def _make_answer(self) -> None:
        place = self._place
        self._say("unlock.recover_answer_line")
        self.finish_button = make_button(place, "unlock.recover_finish", self.ask_answer, icon="download")
        self.body.addWidget(self.finish_button)
        self.word = LatinLine("unlock.recover_word")
        self.word.setInputMethodHints(self.word.inputMethodHints() | PERSONAL)
        self.word.returnPressed.connect(self.use_word)
        self.word_button = make_button(place, "unlock.recover_use_word", self.use_word, icon="key-round")
        self.body.addWidget(self._label("unlock.recover_word", self.word))
        row = QHBoxLayout()
        row.addWidget(self.word, 1)
        row.addWidget(self.word_button)
        self.body.addLayout(row)

    def _say(self, key: str) -> None:
        words = make_label(role="quiet", wrap=True)
        self._place.voice.put(words, key)
        self.body.addWidget(words)

    def _line(self, name: str) -> Line:
        line = Line(name)
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setInputMethodHints(PERSONAL)
        self.body.addWidget(self._label(name, line))
        self.body.addWidget(line)
        return line

    def _label(self, name: str, field: QWidget) -> QLabel:
        place = self._place
        label = make_label(role="label")
        place.voice.put(label, name)
        place.voice.follow(field, lambda: accessible_name(place, name), "setAccessibleName")
        return label
