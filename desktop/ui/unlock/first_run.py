"""The first run: a ticket (a file, or a code that is typed), a name, a role it allows, a passphrase twice."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.screen import accessible_name, make_button
from desktop.ui.unlock.actions import FirstRun, UnlockActions, read_ticket
from desktop.ui.unlock.admittance import Admittance
from desktop.ui.unlock.by_file import ByFile
from desktop.ui.unlock.typed_ticket import TypedTicketFields
from desktop.ui.widgets.choices import TermChoice, terms
from desktop.ui.widgets.segments import SegmentedChoice
from desktop.ui.widgets.surfaces import Card, Notice, lay_out_again, make_label
from desktop.ui.widgets.typing import PERSONAL, Line
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.domain.times import to_local

if TYPE_CHECKING:
    from sync.protocol.ticket import Ticket

SHORTEST_PASSPHRASE = 8
FILE, CODE = "FILE", "CODE"


class FirstRunForm(Card):
    """Enrol this machine."""

    def __init__(
        self, place: Workplace, actions: UnlockActions, on_done: Callable[[], None], on_restore: Callable[[], None]
    ) -> None:
        super().__init__()
        self._place, self._actions, self._on_done = place, actions, on_done
        self._ticket_bytes = b""
        place.voice.put(self.heading, "unlock.first_run")
        self._form = QWidget()
        self._column = QVBoxLayout(self._form)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.body.addWidget(self._form)
        self.admittance = Admittance(place, self._ask, self._back_to_form)
        self.body.addWidget(self.admittance)
        self._told_last: FirstRun | None = None
        self.notice = Notice(place.look, "unlock.first_run_notice")
        self._make_way()
        self._make_ticket_row()
        self.typed = TypedTicketFields(place, self.notice.tell)
        self.typed.hide()
        self._column.addWidget(self.typed)
        self.user_name = self._line("unlock.new_user")
        self.role = TermChoice("unlock.role", place.voice, terms("role"))
        self._add("unlock.role", self.role)
        self._role_words = make_label(role="quiet", wrap=True)
        self._role_words.hide()
        self._column.addWidget(self._role_words)
        self.role.edited.connect(self._say_role)
        self.passphrase = self._line("unlock.new_passphrase", hidden=True)
        self.again = self._line("unlock.passphrase_again", hidden=True)
        self._column.addWidget(self.notice)
        self.enrol_button = make_button(place, "unlock.enrol", self.enrol, primary=True, icon="key-round")
        self._column.addWidget(self.enrol_button)
        self.by_file = ByFile(place, self.write_request, self.read_answer)
        self._column.addWidget(self.by_file)
        restore = make_button(
            place, "unlock.from_backup", on_restore, icon="history", flat=True, key="first_run.from_backup"
        )
        self._column.addWidget(restore)
        self.again.returnPressed.connect(self.enrol)

    def enrol(self) -> None:
        """Check what was typed, then enrol."""
        told = self._told()
        if told is not None:
            self.notice.tell(self._place.say("unlock.enrolling"))
            self._ask(told)

    def begin(self) -> None:
        """It comes to the front: an enrolment that was not finished is told."""
        if self._actions.enrolment_waits:
            self.notice.tell(self._place.say("first_run.kept"))
        (self.ticket if self.way.value() == FILE else self.typed.address).setFocus()

    def _ask(self, told: FirstRun) -> None:
        self._told_last = told
        self._set_busy(True)
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
        typed = None
        if self.way.value() == CODE:
            typed = self.typed.told()
            if typed is None:
                return None
        problem = self._problem()
        if problem:
            self.notice.tell(self._place.say(problem), "wrong")
            return None
        name, role = self.user_name.text().strip(), self.role.value() or ""
        return FirstRun(b"" if typed else self._ticket_bytes, name, role, self.passphrase.text(), typed)

    def _set_busy(self, busy: bool) -> None:
        self.enrol_button.setEnabled(not busy)
        self.by_file.set_busy(busy)
        self.admittance.set_busy(busy)

    def forget(self) -> None:
        """Drop ticket and passphrase."""
        self._ticket_bytes, self._told_last = b"", None
        for line in (self.ticket, self.user_name, self.passphrase, self.again):
            line.clear()
        self.typed.forget()
        self._back_to_form()
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
        if self.way.value() == FILE:
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
        told, self._told_last = self._told_last, None
        if error.code == "ticket.waiting" and told is not None:
            self._wait(told, str(error.values["comparison"]))
            return
        self._back_to_form()
        self.notice.tell(self._place.say_error(error), "wrong")
        if error.code == "ticket.role_not_allowed" and self.way.value() == CODE:
            self._offer(tuple(str(error.values["allowed"]).split(", ")))

    def _wait(self, told: FirstRun, comparison: str) -> None:
        """The digits take the form's place, so that they stand in sight at any size of text."""
        self.notice.tell("")
        self._form.hide()
        self.admittance.wait(told, comparison, told.user)

    def _back_to_form(self) -> None:
        self.admittance.end()
        self._form.show()
        lay_out_again(self.window())

    def _offer(self, roles: tuple[str, ...]) -> None:
        """Of a typed code only the county knows which roles it allows; it has said so now."""
        self.role.set_options(terms("role", *roles), roles[0])
        self._say_role()
        named = "、".join(self._place.voice.label("role", role) for role in roles)
        self.notice.tell(self._place.say("first_run.roles_allowed", roles=named), "wrong")

    def _make_way(self) -> None:
        options = ((FILE, "first_run.way_file"), (CODE, "first_run.way_code"))
        self.way = SegmentedChoice("first_run.way", self._place.voice, options, FILE)
        place = self._place
        place.voice.follow(self.way, lambda: accessible_name(place, "first_run.way"), "describe")
        self.way.edited.connect(self._show_way)
        self._column.addWidget(self.way)

    def _show_way(self) -> None:
        """The fields of the way chosen; a code has no roles to offer before the county was asked."""
        by_code = self.way.value() == CODE
        for part, shown in ((self._ticket_row, not by_code), (self.by_file, not by_code), (self.typed, by_code)):
            part.setVisible(shown)
        self.notice.tell("")
        if by_code:
            self.role.set_options(terms("role"))
            self._say_role()
        elif self.ticket.text().strip():
            self.take_ticket()
        lay_out_again(self.window())

    def _make_ticket_row(self) -> None:
        self.ticket = Line()
        self.ticket.editingFinished.connect(self.take_ticket)
        browse = make_button(self._place, "unlock.browse", self._browse, icon="folder-open")
        self._ticket_row = QWidget()
        column = QVBoxLayout(self._ticket_row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self.ticket, 1)
        row.addWidget(browse)
        column.addWidget(self._label("unlock.ticket", self.ticket))
        column.addLayout(row)
        self._column.addWidget(self._ticket_row)

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
        self._column.addWidget(self._label(name, field))
        self._column.addWidget(field)

    def _label(self, name: str, field: QWidget) -> QLabel:
        field.setObjectName(name)
        label = make_label(role="label")
        self._place.voice.put(label, name)
        place = self._place
        place.voice.follow(field, lambda: accessible_name(place, name), "setAccessibleName")
        return label
