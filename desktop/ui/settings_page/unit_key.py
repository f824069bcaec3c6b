"""The unit's identity key: a further computer asks, one that has it gives, both compare digits; or two custodians."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.services.office import Office
from desktop.services.recovering import Asked
from desktop.services.unit_keys import UnitKeyState
from desktop.ui.files import load_bytes, save_bytes
from desktop.ui.screen import accessible_name, make_button
from desktop.ui.widgets.codes import CodeSheet
from desktop.ui.widgets.surfaces import Card, Pill, clear_layout, make_label
from desktop.ui.widgets.typing import LatinLine
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.protocol.recovery import MAX_FILE_BYTES

Tell = Callable[[str, str], None]


class UnitKeyCard(Card):
    """Shows what can be done here: ask and take, or give."""

    def __init__(self, place: Workplace, tell: Tell) -> None:
        super().__init__("settings.unit_key")
        self._place, self._tell = place, tell
        self._request = b""
        place.voice.put(self.heading, "settings.unit_key")
        words = make_label(role="quiet", wrap=True)
        place.voice.put(words, "settings.unit_key_line")
        self.body.addWidget(words)
        self._state = QVBoxLayout()
        self.body.addLayout(self._state)
        self._asking, self._giving = self._make_asking(), self._make_giving()
        for part in (self._asking, self._giving):
            self.body.addWidget(part)
            part.hide()

    def refresh(self) -> None:
        """Read how this profile stands."""
        self._place.tasks.read(lambda office: office.unit_key_state(), self.show_state, owner=self, key="unit_key")

    def forget(self) -> None:
        """Locked: nothing chosen or shown stays."""
        self._request = b""
        self.digits.clear()
        self._typing.hide()
        self.sheet.show_code("")

    def show_state(self, state: UnitKeyState) -> None:
        """Write what this profile has and what can be done."""
        clear_layout(self._state)
        key = "unit_key_mine" if state.mine else "unit_key_here" if state.here else "unit_key_lacks"
        pill = Pill(self._place.look, self._place.say(f"settings.{key}"), "good" if state.here else "due")
        pill.setObjectName("settings.unit_key_state")
        self._state.addWidget(pill)
        if state.waits and not state.here:
            self._state.addWidget(make_label(self._place.say("settings.unit_key_waits"), "quiet", wrap=True))
        self._asking.setVisible(not state.here)
        self._giving.setVisible(state.mine and state.may_act)

    # asking -----------------------------------------------------------------------------------------------------------

    def ask(self, *, custodians: bool = False) -> None:
        """Ask where the request goes, then write it."""
        path, _ = QFileDialog.getSaveFileName(
            self, self._place.say("settings.unit_key_ask"), self._place.say("settings.unit_key_request_name")
        )
        if path:
            self.write_request(Path(path), custodians=custodians)

    def write_request(self, path: Path, *, custodians: bool = False) -> None:
        """Write the request and show the digits."""

        def work(office: Office) -> Asked:
            asked = office.ask_unit_key(custodians)
            save_bytes(path, asked.file)
            return asked

        self._write(work, lambda asked: self._asked(asked, path))

    def _asked(self, asked: Asked, path: Path) -> None:
        facts = self._place.facts
        self.sheet.show_code(asked.code, user=facts.user if facts else "", file=path.name)
        self._tell(self._place.say("settings.unit_key_written", file=path.name), "good")
        self.refresh()

    def take(self) -> None:
        """Ask for the answer's file."""
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("settings.unit_key_take"))
        if path:
            self.read_answer(Path(path))

    def read_answer(self, path: Path) -> None:
        """Take the key out of the answer of a colleague or of the custodians."""

        def work(office: Office) -> None:
            office.take_unit_key(load_bytes(path, MAX_FILE_BYTES))

        self._write(work, lambda _: self._done("settings.unit_key_taken"))

    # giving -----------------------------------------------------------------------------------------------------------

    def choose_request(self) -> None:
        """Ask for the other computer's request."""
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("settings.unit_key_give"))
        if path:
            self.read_request(Path(path))

    def read_request(self, path: Path) -> None:
        """Read the other computer's request; then its digits are asked for."""
        try:
            self._request = load_bytes(path, MAX_FILE_BYTES)
        except LiandongError as error:
            self._refused(error)
            return
        self._typing.show()
        self.digits.setFocus()
        self._tell(self._place.say("settings.unit_key_ask_digits", file=path.name), "info")

    def ask_target(self) -> None:
        """Ask where the answer goes."""
        path, _ = QFileDialog.getSaveFileName(
            self, self._place.say("settings.unit_key_seal"), self._place.say("settings.unit_key_answer_name")
        )
        if path:
            self.give(Path(path))

    def give(self, path: Path) -> None:
        """Seal the key to the computer whose digits were typed."""
        request, digits = self._request, self.digits.text()

        def work(office: Office) -> str:
            given = office.give_unit_key(request, digits)
            save_bytes(path, given.file)
            return given.user

        self._write(work, lambda user: self._done("settings.unit_key_given", user=user, file=path.name))

    def _done(self, key: str, **values: object) -> None:
        self.forget()
        self._tell(self._place.say(key, **values), "good")
        self.refresh()

    def _write(self, work: Callable[[Office], object], on_done: Callable[..., None]) -> None:
        self._place.tasks.write(work, on_done, self._refused, owner=self)

    def _refused(self, error: LiandongError) -> None:
        self._tell(self._place.say_error(error), "wrong")

    # building ---------------------------------------------------------------------------------------------------------

    def _make_asking(self) -> QWidget:
        holder, column = _column()
        column.addLayout(
            self._row(
                make_button(self._place, "settings.unit_key_ask", self.ask, icon="upload"),
                make_button(self._place, "settings.unit_key_take", self.take, icon="download"),
            )
        )
        self.sheet = CodeSheet(self._place, "settings", "settings.unit_key_sheet")
        column.addWidget(self.sheet)
        lost = make_button(
            self._place, "settings.unit_key_custodians", lambda: self.ask(custodians=True), flat=True, small=True
        )
        column.addLayout(self._row(lost))
        return holder

    def _make_giving(self) -> QWidget:
        holder, column = _column()
        place = self._place
        column.addLayout(
            self._row(make_button(place, "settings.unit_key_give", self.choose_request, icon="folder-open"))
        )
        self._typing, typing = _column()
        label = make_label(role="label")
        place.voice.put(label, "settings.unit_key_digits")
        self.digits = LatinLine("settings.unit_key_digits")
        place.voice.follow(self.digits, lambda: accessible_name(place, "settings.unit_key_digits"), "setAccessibleName")
        typing.addWidget(label)
        row = QHBoxLayout()
        row.addWidget(self.digits, 1)
        row.addWidget(make_button(place, "settings.unit_key_seal", self.ask_target, icon="key-round"))
        typing.addLayout(row)
        column.addWidget(self._typing)
        self._typing.hide()
        return holder

    @staticmethod
    def _row(*buttons: QPushButton) -> QHBoxLayout:
        row = QHBoxLayout()
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        return row


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 4, 0, 0)
    column.setSpacing(6)
    return holder, column
