"""Who may open this profile: colleagues are let in with a role and a first passphrase, or their slot is taken away."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from desktop.services.office import Office
from desktop.services.shapes import UserRow
from desktop.ui.screen import accessible_name, make_button
from desktop.ui.settings_page.passphrase import PassphraseForm
from desktop.ui.widgets.choices import TermChoice, terms
from desktop.ui.widgets.roles import role_line
from desktop.ui.widgets.surfaces import Card, make_label
from desktop.ui.widgets.typing import PERSONAL, Line
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

Tell = Callable[[str, str], None]


class UsersCard(Card):
    """The users, and a form for one more where the reader may manage users."""

    def __init__(self, place: Workplace, tell: Tell) -> None:
        super().__init__("settings.users")
        self._place, self._tell = place, tell
        place.voice.put(self.heading, "settings.users")
        self._rows = QWidget()
        self.body.addWidget(self._rows)
        self._form = self._make_form()
        self.body.addWidget(self._form)
        self._form.hide()

    def refresh(self) -> None:
        """Read the users anew."""
        self._place.tasks.read(_users_and_roles, self._show, owner=self, key="users")

    def forget(self) -> None:
        """Locked: nothing typed stays."""
        for line in (self.user_name, self.passphrase):
            line.clear()
        self.role.set_value(None)
        self._say_role()

    def add_user(self) -> None:
        """Give the colleague a slot."""
        name, role, passphrase = self.user_name.text().strip(), self.role.value(), self.passphrase.text()
        if not name or role is None:
            self._tell(self._place.say("settings.role_wanted" if name else "unlock.name_wanted"), "wrong")
            (self.role if name else self.user_name).setFocus()
            return
        done = self._place.say("settings.user_added", name=name)
        self._write(lambda office: office.add_user(name, role, passphrase), done)

    def disable_user(self, name: str) -> None:
        """Take the slot away; the store gets a new key."""
        self._write(lambda office: office.disable_user(name), self._place.say("settings.user_disabled", name=name))

    def _write(self, work: Callable[[Office], None], done: str) -> None:
        self._place.tasks.write(work, lambda _: self._written(done), self._refused, owner=self)

    def _written(self, done: str) -> None:
        self.forget()
        self._tell(done, "good")
        self.refresh()

    def _refused(self, error: LiandongError) -> None:
        self._tell(self._place.say_error(error), "wrong")

    def _show(self, found: tuple[Sequence[UserRow], Sequence[str]]) -> None:
        users, roles = found
        old, self._rows = self._rows, QWidget()
        grid = QGridLayout(self._rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for index, row in enumerate(users):
            grid.addWidget(make_label(row.name, "strong"), index, 0)
            grid.addWidget(make_label(self._place.voice.label("role", row.role), wrap=True), index, 1)
            if roles and self._place.facts is not None and row.name != self._place.facts.user:
                grid.addWidget(self._renew_button(index, row.name), index, 2)
                grid.addWidget(self._disable_button(index, row.name), index, 3)
        self.body.replaceWidget(old, self._rows)
        old.hide()
        old.deleteLater()
        chosen = self.role.value()
        self.role.set_options(terms("role", *roles) if roles else ())
        self.role.set_value(chosen if chosen in roles else None)
        self._say_role()
        self._form.setVisible(bool(roles))

    def renew(self, name: str, passphrase: str) -> None:
        """Make a colleague's slot anew under another passphrase."""
        done = self._place.say("settings.passphrase_set", name=name)
        self._write(lambda office: office.change_passphrase(name, passphrase), done)

    def _ask_renewal(self, name: str, _: bool = False) -> None:
        PassphraseForm(self._place, self.window(), name, partial(self.renew, name)).open()

    def _renew_button(self, index: int, name: str) -> QPushButton:
        button = make_button(self._place, f"settings.new_for_{index}", str, small=True, key="settings.new_for")
        button.setAccessibleName(f"{self._place.say('settings.new_for')} {name}")
        button.clicked.connect(partial(self._ask_renewal, name))
        return button

    def _say_role(self) -> None:
        voice = self._place.voice
        self.role_words.setText(role_line(voice, self.role.value()) or voice.say("settings.user_role_line"))

    def _disable_button(self, index: int, name: str) -> QPushButton:
        button = make_button(self._place, f"settings.disable_{index}", str, small=True, key="settings.disable")
        button.setAccessibleName(f"{self._place.say('settings.disable')} {name}")
        button.clicked.connect(partial(self._ask_once, button, name))
        return button

    def _ask_once(self, button: QPushButton, name: str, _: bool = False) -> None:
        """The first click asks, the second does it."""
        if button.property("danger"):
            self.disable_user(name)
            return
        button.setProperty("danger", True)
        button.setText(self._place.say("settings.disable_sure", name=name))
        button.style().polish(button)

    def _make_form(self) -> QWidget:
        form = QWidget()
        grid = QGridLayout(form)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setColumnStretch(1, 1)
        self.user_name, self.passphrase = Line(), Line()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        for line in (self.user_name, self.passphrase):
            line.setInputMethodHints(PERSONAL)
        self.role = TermChoice("", self._place.voice, ())
        fields: tuple[tuple[str, Any], ...] = (
            ("user_name", self.user_name),
            ("user_role", self.role),
            ("user_passphrase", self.passphrase),
        )
        for index, (name, field) in enumerate(fields):
            self._put(grid, index, f"settings.{name}", field)
        self.role_words = make_label(role="quiet", wrap=True)
        self.role.edited.connect(self._say_role)
        self._place.voice.changed.connect(self._say_role)
        grid.addWidget(self.role_words, len(fields), 0, 1, 2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(make_button(self._place, "settings.add_user", self.add_user, icon="plus"))
        grid.addLayout(row, len(fields) + 1, 0, 1, 2)
        return form

    def _put(self, grid: QGridLayout, index: int, key: str, field: QWidget) -> None:
        place = self._place
        field.setObjectName(key)
        label = make_label(role="label")
        place.voice.put(label, key)
        place.voice.follow(field, lambda: accessible_name(place, key), "setAccessibleName")
        grid.addWidget(label, index, 0)
        grid.addWidget(field, index, 1)


def _users_and_roles(office: Office) -> tuple[Sequence[UserRow], Sequence[str]]:
    return office.users(), office.roles_to_give()
