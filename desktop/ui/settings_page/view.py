"""Settings: language, text size and theme at once; who signed in, this device, passphrase, versions."""

import platform
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.services.shapes import OfficeFacts
from desktop.settings import LONGEST_TEXT, OF_THE_OFFICE, OFFICE_NUMBERS, TEXT_SIZES, THEMES
from desktop.ui.screen import Responsive, Screen, accessible_name
from desktop.ui.settings_page.backup import BackupCard
from desktop.ui.settings_page.log import AccountLogCard
from desktop.ui.settings_page.passphrase import SHORTEST
from desktop.ui.settings_page.rules import RulesCard
from desktop.ui.settings_page.unit_key import UnitKeyCard
from desktop.ui.settings_page.users import UsersCard
from desktop.ui.widgets.segments import SegmentedChoice
from desktop.ui.widgets.surfaces import Card, make_label
from desktop.ui.widgets.typing import PERSONAL, Line, NumberLine
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

NARROW = 860


class SettingsScreen(Screen):
    """What a user may choose."""

    name = "settings"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.top.addStretch(1)
        self.notice = self.add_notice()
        self._make_middle()
        place.tasks.changed.connect(lambda _: self.refresh() if self.isVisible() else None)

    def open(self, argument: object = None) -> None:
        """Show what is in force."""
        settings = self.place.settings
        self.language.set_value(settings.language)
        self.text_size.set_value(str(settings.text_size))
        self.theme.set_value(settings.theme)
        for name, line in self.letterhead.items():
            line.set_value(getattr(settings, name))
        for name, number in self.numbers.items():
            number.set_value(str(getattr(settings, name)))
        self.refresh()

    def refresh(self) -> None:
        """Who and where."""
        if self.place.facts is not None:
            self._show_facts(self.place.facts)
        if self.place.tasks.is_open:
            for card in (self.users_card, self.unit_key_card, self.log_card, self.backup_card, self.rules_card):
                card.refresh()

    def forget(self) -> None:
        """Locked."""
        for line in (self.passphrase, self.again):
            line.clear()
        self.users_card.forget()
        self.backup_card.forget()
        self.unit_key_card.forget()
        self.log_card.empty()
        self.notice.tell("")

    def change_passphrase(self) -> None:
        """Another passphrase for the one who signed in."""
        fresh = self.passphrase.text()
        if len(fresh) < SHORTEST:
            self.notice.tell(self.place.say("unlock.passphrase_short"), "wrong")
            return
        if fresh != self.again.text():
            self.notice.tell(self.place.say("unlock.passphrases_differ"), "wrong")
            return
        self.place.tasks.write(
            lambda office: office.change_passphrase(None, fresh),
            lambda _: self._passphrase_changed(),
            self._refused,
            owner=self,
        )

    def on_voice(self) -> None:
        """All cards are written anew."""
        self._show_about()
        self.refresh()

    def _passphrase_changed(self) -> None:
        for line in (self.passphrase, self.again):
            line.clear()
        self.notice.tell(self.place.say("settings.passphrase_changed"), "good")

    def _refused(self, error: LiandongError) -> None:
        self.notice.tell(self.place.say_error(error), "wrong")

    def _show_facts(self, facts: OfficeFacts) -> None:
        role = self.place.voice.label("role", facts.role)
        rows = (
            (self.place.say("settings.user"), f"{facts.user} · {role}"),
            (self.place.say("settings.unit"), f"{facts.unit_name} ({facts.unit})"),
            (self.place.say("settings.county"), f"{facts.county_name} ({facts.county})"),
            (self.place.say("settings.device"), facts.device[:16]),
        )
        self._fill(self.device_card, rows)

    def _show_about(self) -> None:
        say = self.place.say
        rows = (
            (say("settings.version"), _version_of("liandong")),
            (say("settings.qt"), f"Qt {qVersion()} · PySide6 {_version_of('PySide6-Essentials')}"),
            (say("settings.python"), platform.python_version()),
            (say("settings.licence"), "AGPL-3.0-or-later"),
        )
        self._fill(self.about_card, rows)
        self.about_card.body.addWidget(make_label(say("settings.shipped"), "quiet", wrap=True))

    @staticmethod
    def _fill(card: Card, rows: tuple[tuple[str, str], ...]) -> None:
        card.empty()
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for index, (name, value) in enumerate(rows):
            grid.addWidget(make_label(name, "label"), index, 0)
            grid.addWidget(make_label(value, wrap=True), index, 1)
        card.body.addWidget(holder)

    def _make_middle(self) -> None:
        column = self.add_scroll()
        columns = QHBoxLayout()
        columns.setSpacing(18)
        left, right = QVBoxLayout(), QVBoxLayout()
        look, secret, letters, numbers = Card(), Card(), Card(), Card()
        self.device_card, self.about_card = Card(), Card()
        self.users_card = UsersCard(self.place, self.notice.tell)
        self.backup_card = BackupCard(self.place, self.notice.tell)
        self.unit_key_card = UnitKeyCard(self.place, self.notice.tell)
        self.log_card, self.rules_card = AccountLogCard(self.place), RulesCard(self.place)
        named = {"look": look, "passphrase_card": secret, "device_card": self.device_card, "about": self.about_card}
        named |= {"letters": letters, "numbers": numbers}
        for key, card in named.items():
            self.place.voice.put(card.heading, f"settings.{key}")
        for card in (look, secret, letters, numbers, self.backup_card, self.rules_card):
            left.addWidget(card)
        for card in (self.users_card, self.unit_key_card, self.log_card, self.device_card, self.about_card):
            right.addWidget(card)
        self._fill_look(look)
        self._fill_passphrase(secret)
        self._fill_letters(letters)
        self._fill_numbers(numbers)
        self._show_about()
        for side in (left, right):
            side.setSpacing(16)
            side.addStretch(1)
            columns.addLayout(side, 1)
        column.addLayout(columns, 1)
        Responsive(self, columns, self.place, NARROW)

    def _fill_look(self, card: Card) -> None:
        place = self.place
        languages = (("zh", "settings.chinese"), ("en", "settings.english"))
        sizes = tuple((str(size), f"settings.size_{size}") for size in TEXT_SIZES)
        self.language = self._choice(card, "language", languages)
        self.text_size = self._choice(card, "text_size", sizes)
        self.theme = self._choice(card, "theme", tuple((one, f"settings.{one}") for one in THEMES))
        self.language.edited.connect(lambda: place.change_settings(language=self.language.value()))
        self.text_size.edited.connect(lambda: place.change_settings(text_size=int(self.text_size.value() or 100)))
        self.theme.edited.connect(lambda: place.change_settings(theme=self.theme.value()))

    def _choice(self, card: Card, name: str, options: tuple[tuple[str, str], ...]) -> SegmentedChoice:
        key = f"settings.{name}"
        label = make_label(role="label")
        place = self.place
        place.voice.put(label, key)
        choice = SegmentedChoice(key, place.voice, options, options[0][0])
        place.voice.follow(choice, lambda: accessible_name(place, key), "describe")
        card.body.addWidget(label)
        card.body.addWidget(choice)
        return choice

    def _fill_passphrase(self, card: Card) -> None:
        self.passphrase, self.again = self._secret(card, "new_passphrase"), self._secret(card, "passphrase_again")
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 6, 0, 0)
        row.addStretch(1)
        row.addWidget(self.button("change_passphrase", self.change_passphrase, icon="key-round"))
        card.body.addWidget(holder)

    def _fill_letters(self, card: Card) -> None:
        """What every letter bears; kept when a field is left."""
        place = self.place
        self.letterhead: dict[str, Line] = {}
        for name in OF_THE_OFFICE:
            key = f"settings.{name}"
            label = make_label(role="label")
            place.voice.put(label, key)
            line = self.letterhead[name] = Line(key)
            line.setMaxLength(LONGEST_TEXT)
            line.editingFinished.connect(self._keep_letterhead)
            place.voice.follow(line, partial(accessible_name, place, key), "setAccessibleName")
            card.body.addWidget(label)
            card.body.addWidget(line)

    def _keep_letterhead(self) -> None:
        typed = {name: line.value() or "" for name, line in self.letterhead.items()}
        if any(getattr(self.place.settings, name) != value for name, value in typed.items()):
            self.place.change_settings(**typed)

    def _fill_numbers(self, card: Card) -> None:
        """What the unit counts by; kept when a field is left, put back where it is no such number."""
        place = self.place
        self.numbers: dict[str, NumberLine] = {}
        for name in OFFICE_NUMBERS:
            key = f"settings.{name}"
            label = make_label(role="label")
            place.voice.put(label, key)
            line = self.numbers[name] = NumberLine(key)
            line.editingFinished.connect(partial(self._keep_number, name))
            place.voice.follow(line, partial(accessible_name, place, key), "setAccessibleName")
            card.body.addWidget(label)
            card.body.addWidget(line)

    def _keep_number(self, name: str) -> None:
        line, standing = self.numbers[name], getattr(self.place.settings, name)
        (low, high), typed = OFFICE_NUMBERS[name], line.value()
        if isinstance(typed, int) and low <= typed <= high:
            if typed != standing:
                self.place.change_settings(**{name: typed})
            return
        line.set_value(str(standing))
        self.notice.tell(self.place.say("settings.no_such_number", low=low, high=high), "wrong")

    def _secret(self, card: Card, name: str) -> Line:
        key = f"settings.{name}"
        label = make_label(role="label")
        place = self.place
        place.voice.put(label, key)
        line = Line(key)
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setInputMethodHints(PERSONAL)
        place.voice.follow(line, lambda: accessible_name(place, key), "setAccessibleName")
        card.body.addWidget(label)
        card.body.addWidget(line)
        return line


def _version_of(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "0.1.0" if distribution == "liandong" else "—"
