"""The first run: a ticket file from the county, a name, a role the ticket allows, a passphrase twice."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QWidget

from desktop.ui.screen import accessible_name, make_button
from desktop.ui.unlock.actions import FirstRun, UnlockActions, read_ticket
from desktop.ui.unlock.by_file import ByFile
from desktop.ui.widgets.choices import TermChoice, terms
from desktop.ui.widgets.surfaces import Card, Notice, make_label
from desktop.ui.widgets.typing import PERSONAL, Line
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.domain.times import to_local

if TYPE_CHECKING:
    from sync.protocol.ticket import Ticket

SHORTEST_PASSPHRASE = 8


class FirstRunForm(Card):
    """Enrol this machine."""

    def __init__(self, place: Workplace, actions: UnlockActions, on_done: Callable[[], None]) -> None:
        super().__init__()
        self._place, self._actions, self._on_done = place, actions, on_done
        self._ticket_bytes = b""
        place.voice.put(self.heading, "unlock.first_run")
        self.body.setSpacing(6)
        self._make_ticket_row()
        self.user_name = self._line("unlock.new_user")
        self.role = TermChoice("unlock.role", place.voice, terms("role"))
        self._add("unlock.role", self.role)
        self._role_words = make_label(role="quiet", wrap=True)
        self._role_words.hide()
        self.body.addWidget(self._role_words)
        self.role.edited.connect(self._say_role)
        self.passphrase = self._line("unlock.new_passphrase", hidden=True)
        self.again = self._line("unlock.passphrase_again", hidden=True)
        self.notice = Notice(place.look, "unlock.first_run_notice")
        self.body.addWidget(self.notice)
        self.enrol_button = make_button(place, "unlock.enrol", self.enrol, primary=True, icon="key-round")
        self.body.addWidget(self.enrol_button)
        self.by_file = ByFile(place, self.write_request, self.read_answer)
        self.body.addWidget(self.by_file)
        self.again.returnPressed.connect(self.enrol)

    def enrol(self) -> None:
        """Check what was typed, then enrol."""
        told = self._told()
        if told is not None:
            self._set_busy(True)
            self.notice.tell(self._place.say("unlock.enrolling"))
            self._actions.enrol(told, lambda _: self._on_done(), self._refused)

    def write_request(self, path: Path) -> None:
        """Without a network: the request as a file for the county."""
        told = self._told()
        if told is None:
            return
        self._set_busy(True)
        said = self._place.say("unlock.request_written", file=path.name)
        self._actions.carry_out(told, path, lambda _: self._request_written(said), self._refused)

    def _request_written(self, said: str) -> None:
        self._set_busy(False)
        self.notice.tell(said, "good")

    def read_answer(self, path: Path) -> None:
        """Take the county's answer; ticket and passphrase are those of the request."""
        if not self._ticket_bytes:
            self.take_ticket()
        if not self._ticket_bytes or not self.passphrase.text():
            wanted = "unlock.passphrase_wanted" if self._ticket_bytes else "unlock.ticket_wanted"
            self.notice.tell(self._place.say(wanted), "wrong")
            return
        self._set_busy(True)
        passphrase = self.passphrase.text()
        self._actions.carry_in(self._ticket_bytes, path, passphrase, lambda _: self._on_done(), self._refused)

    def _told(self) -> FirstRun | None:
        """What was typed; None, and why not, where something lacks."""
        problem = self._problem()
        if problem:
            self.notice.tell(self._place.say(problem), "wrong")
            return None
        name, role = self.user_name.text().strip(), self.role.value() or ""
        return FirstRun(self._ticket_bytes, name, role, self.passphrase.text())

    def _set_busy(self, busy: bool) -> None:
        self.enrol_button.setEnabled(not busy)
        self.by_file.set_busy(busy)

    def forget(self) -> None:
        """Drop ticket and passphrase."""
        self._ticket_bytes = b""
        for line in (self.ticket, self.user_name, self.passphrase, self.again):
            line.clear()
        self.notice.tell("")
        self._set_busy(False)

    def take_ticket(self) -> None:
        """Read the chosen file and show what it allows."""
        path = self.ticket.text().strip()
        self._ticket_bytes = b""
        if not path:
            return
        try:
            self._ticket_bytes, ticket = read_ticket(Path(path))
        except LiandongError as error:
            self.notice.tell(self._place.say_error(error), "wrong")
            return
        self._show_ticket(ticket)

    def _show_ticket(self, ticket: "Ticket") -> None:
        day = to_local(ticket.expires).date().isoformat()
        self.notice.tell(
            self._place.say("unlock.ticket_line", county=ticket.county_name, unit=ticket.unit_name, day=day), "good"
        )
        self.role.set_options(terms("role", *ticket.roles), ticket.roles[0])
        self._say_role()
        if ticket.name and not self.user_name.text():
            self.user_name.setText(ticket.name)

    def _say_role(self) -> None:
        from desktop.ui.widgets.roles import role_line

        said = role_line(self._place.voice, self.role.value())
        self._role_words.setText(said)
        self._role_words.setVisible(bool(said))

    def _problem(self) -> str:
        if not self._ticket_bytes:
            self.take_ticket()
        if not self._ticket_bytes:
            return "unlock.ticket_wanted"
        if not self.user_name.text().strip():
            return "unlock.name_wanted"
        if self.role.value() is None:
            return "settings.role_wanted"
        if len(self.passphrase.text()) < SHORTEST_PASSPHRASE:
            return "unlock.passphrase_short"
        return "" if self.passphrase.text() == self.again.text() else "unlock.passphrases_differ"

    def _refused(self, error: LiandongError) -> None:
        self._set_busy(False)
        self.notice.tell(self._place.say_error(error), "wrong")

    def _make_ticket_row(self) -> None:
        self.ticket = Line()
        self.ticket.editingFinished.connect(self.take_ticket)
        browse = make_button(self._place, "unlock.browse", self._browse, icon="folder-open")
        row = QHBoxLayout()
        row.addWidget(self.ticket, 1)
        row.addWidget(browse)
        self.body.addWidget(self._label("unlock.ticket", self.ticket))
        self.body.addLayout(row)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("unlock.ticket"))
        if path:
            self.ticket.setText(path)
            self.take_ticket()

    def _line(self, name: str, *, hidden: bool = False) -> Line:
        line = Line()
        line.setInputMethodHints(PERSONAL)
        if hidden:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        self._add(name, line)
        return line

    def _add(self, name: str, field: QWidget) -> None:
        self.body.addWidget(self._label(name, field))
        self.body.addWidget(field)

    def _label(self, name: str, field: QWidget) -> QLabel:
        field.setObjectName(name)
        label = make_label(role="label")
        self._place.voice.put(label, name)
        place = self._place
        place.voice.follow(field, lambda: accessible_name(place, name), "setAccessibleName")
        return label
