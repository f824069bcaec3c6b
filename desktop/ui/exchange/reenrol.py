"""This computer has to be enrolled anew: what happened in plain words, what to do, the ticket (file or code), done."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.ui.exchange.actions import ExchangeActions
from desktop.ui.screen import make_button
from desktop.ui.unlock.actions import read_ticket
from desktop.ui.unlock.admittance import Admittance
from desktop.ui.unlock.first_run import CODE, FILE
from desktop.ui.unlock.typed_ticket import TypedTicketFields
from desktop.ui.widgets.choices import TermChoice, terms
from desktop.ui.widgets.segments import SegmentedChoice
from desktop.ui.widgets.surfaces import Card, lay_out_again, make_label
from desktop.ui.widgets.typing import Line
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

if TYPE_CHECKING:
    from desktop.services.enrolling import TypedTicket

REASONS = {
    "store.cloned": "copied",
    "exchange_refusals.device_unknown": "unknown",
    "exchange_refusals.device_revoked": "revoked",
}
"""Refusals of an exchange after which only a new enrolment helps → what is told."""


class ReenrolCard(Card):
    """Hidden until it is needed; ``on_done`` after the device is a new one."""

    def __init__(
        self, place: Workplace, actions: ExchangeActions, tell: Callable[[str, str], None], on_done: Callable[[], None]
    ) -> None:
        super().__init__("exchange.reenrol_card")
        self._place, self._actions, self._tell, self._on_done = place, actions, tell, on_done
        self._ticket = b""
        self.reason = ""
        place.voice.put(self.heading, "exchange_screen.reenrol_title")
        self._what, self._todo = make_label(wrap=True), make_label(wrap=True)
        place.voice.put(self._todo, "exchange_screen.reenrol_todo")
        place.voice.changed.connect(lambda: self.show_reason(self.reason))
        for words in (self._what, self._todo):
            self.body.addWidget(words)
        self._make_ticket()
        names = {"screen": "exchange", "topic": "exchange_screen", "words_key": "exchange_screen.reenrol_waits"}
        self.admittance = Admittance(place, self._ask, self._back, **names)
        self.body.addWidget(self.admittance)
        self._doing = QWidget()
        row = QHBoxLayout(self._doing)
        row.setContentsMargins(0, 0, 0, 0)
        self.wire_button = self._button("reenrol", self.by_wire, "refresh-cw", primary=True)
        self.out_button = self._button("reenrol_out", self.ask_out, "upload")
        self.in_button = self._button("reenrol_in", self.ask_in, "download")
        self.buttons = (self.wire_button, self.out_button, self.in_button)
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch(1)
        self.body.addWidget(self._doing)
        self.hide()

    def show_reason(self, reason: str) -> None:
        """Say why; nothing hides the card."""
        self.reason = reason
        self._what.setText(self._place.say(f"exchange_screen.reenrol_{reason}") if reason else "")
        self.setVisible(bool(reason))

    def forget(self) -> None:
        """Locked."""
        self._ticket = b""
        self.ticket.clear()
        self.typed.forget()
        self.way.choose(FILE)
        self._back()
        self.show_reason("")

    def by_wire(self) -> None:
        """Ask the county over its server."""
        if self.way.value() == CODE:
            told = self.typed.told()
            if told is not None:
                self._tell(self._place.say("exchange_screen.reenrolling"), "info")
                self._ask(told)
        elif self._read_ticket():
            self._set_busy(True)
            self._tell(self._place.say("exchange_screen.reenrolling"), "info")
            self._actions.reenrol(self._ticket, self.role.value(), lambda _: self._done(), self._refused)

    def _ask(self, told: "TypedTicket") -> None:
        """With a typed code, until somebody at the county has let the computer in."""
        self._set_busy(True)
        self._actions.reenrol_with_code(told, self.role.value(), lambda _: self._done(), partial(self._waits, told))

    def _waits(self, told: "TypedTicket", error: LiandongError) -> None:
        if error.code != "ticket.waiting":
            self._back()
            self._refused(error)
            return
        self._set_busy(False)
        self._tell("", "info")
        user = self._place.facts.user if self._place.facts is not None else ""
        self.admittance.wait(told, str(error.values["comparison"]), user)
        for part in (self._todo, self._form, self._doing):
            part.hide()

    def _back(self) -> None:
        """From the digits to the form."""
        self.admittance.end()
        for part in (self._todo, self._form, self._doing):
            part.show()

    def _show_way(self) -> None:
        by_code = self.way.value() == CODE
        for part, shown in ((self._file, not by_code), (self.typed, by_code)):
            part.setVisible(shown)
        for button in (self.out_button, self.in_button):
            button.setVisible(not by_code)
        own = self._place.facts.role if self._place.facts is not None else ""
        self._ticket = b""
        self.role.set_options(terms("role", own) if by_code and own else (), own if by_code and own else None)
        self._tell("", "info")
        lay_out_again(self.window())

    def ask_out(self) -> None:
        """Ask for a file and write the request."""
        if not self._read_ticket():
            return
        title, name = self._place.say("exchange_screen.reenrol_out"), self._place.say("unlock.request_name")
        path, _ = QFileDialog.getSaveFileName(self, title, name)
        if path:
            self.write_request(Path(path))

    def write_request(self, path: Path) -> None:
        """Write the request for the county."""
        if self._read_ticket():
            said = self._place.say("exchange_screen.reenrol_written", file=path.name)
            self._actions.reenrol_out(
                self._ticket, self.role.value(), path, lambda _: self._tell(said, "good"), self._refused
            )

    def ask_in(self) -> None:
        """Ask for the county's answer."""
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("exchange_screen.reenrol_in"))
        if path:
            self.read_answer(Path(path))

    def read_answer(self, path: Path) -> None:
        """Take the county's answer."""
        if self._read_ticket():
            self._set_busy(True)
            self._actions.reenrol_in(self._ticket, path, lambda _: self._done(), self._refused)

    def choose_ticket(self, path: Path) -> None:
        """Read the ticket and offer its roles; the own one is chosen where it is allowed."""
        self._ticket = b""
        try:
            data, ticket = read_ticket(path)
        except LiandongError as error:
            self._refused(error)
            return
        self._ticket = data
        self.ticket.setText(str(path))
        own = self._place.facts.role if self._place.facts is not None else ""
        self.role.set_options(terms("role", *ticket.roles), own if own in ticket.roles else ticket.roles[0])

    def _read_ticket(self) -> bool:
        path = self.ticket.text().strip()
        if not self._ticket and path:
            self.choose_ticket(Path(path))
        if not self._ticket and not path:
            self._tell(self._place.say("unlock.ticket_wanted"), "wrong")
            self.ticket.setFocus()
        return bool(self._ticket)

    def _done(self) -> None:
        self._set_busy(False)
        self.forget()
        self._tell(self._place.say("exchange_screen.reenrolled"), "good")
        self._on_done()

    def _refused(self, error: LiandongError) -> None:
        self._set_busy(False)
        self._tell(self._place.say_error(error), "wrong")

    def _set_busy(self, busy: bool) -> None:
        for button in self.buttons:
            button.setEnabled(not busy)
        self.admittance.set_busy(busy)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("unlock.ticket"))
        if path:
            self.choose_ticket(Path(path))

    def _make_ticket(self) -> None:
        place, voice = self._place, self._place.voice
        self._form = QWidget()
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        options = ((FILE, "first_run.way_file"), (CODE, "first_run.way_code"))
        self.way = SegmentedChoice("exchange.way", voice, options, FILE)
        voice.follow(self.way, _namer(place, "first_run.way"), "describe")
        self.way.edited.connect(self._show_way)
        column.addWidget(self.way)
        self.ticket = Line("exchange.ticket")
        self.ticket.textEdited.connect(lambda _: setattr(self, "_ticket", b""))
        self._file = QWidget()
        files = QVBoxLayout(self._file)
        files.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self.ticket, 1)
        row.addWidget(self._button("browse_ticket", self._browse, "folder-open", key="unlock.browse"))
        files.addWidget(self._label("unlock.ticket", self.ticket))
        files.addLayout(row)
        column.addWidget(self._file)
        self.typed = TypedTicketFields(place, self._tell, "exchange", "exchange_screen.reenrol_title")
        self.typed.hide()
        column.addWidget(self.typed)
        self.role = TermChoice("exchange.role", voice, ())
        column.addWidget(self._label("unlock.role", self.role))
        column.addWidget(self.role)
        self.body.addWidget(self._form)

    def _label(self, key: str, field: QWidget) -> QLabel:
        label = make_label(role="label")
        self._place.voice.put(label, key)
        self._place.voice.follow(field, _namer(self._place, key), "setAccessibleName")
        return label

    def _button(
        self, verb: str, work: Callable[[], None], icon: str, *, primary: bool = False, key: str = ""
    ) -> QPushButton:
        text = key or f"exchange_screen.{verb}"
        button = make_button(self._place, f"exchange.{verb}", work, icon=icon, primary=primary, key=text)
        self._place.voice.follow(button, _namer(self._place, text), "setAccessibleName")
        return button


def _namer(place: Workplace, key: str) -> Callable[[], str]:
    return lambda: f"{place.say('exchange_screen.reenrol_title')} · {place.say(key)}"
