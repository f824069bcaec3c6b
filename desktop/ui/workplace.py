"""What every screen works with: the data thread, the language, the look, the settings, who sits here, where to go."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.background.tasks import Tasks
from desktop.settings import Settings, load_settings, save_settings
from desktop.ui.theme import Look
from desktop.ui.voice import Voice
from sync.domain.errors import LiandongError

if TYPE_CHECKING:
    from desktop.services.office import Office
    from desktop.services.shapes import OfficeFacts, Place

Finder = Callable[[str, Callable[[Any], None]], None]
"""Looks something up for typed text and hands it over later."""


class Workplace(QObject):
    """One window's surroundings. Signals: ``go`` (screen name, argument), ``toast`` (text)."""

    go = Signal(str, object)
    toast = Signal(str)

    def __init__(self, settings_file: Path) -> None:
        super().__init__()
        self._settings_file = settings_file
        self.settings = load_settings(settings_file)
        self.tasks: Tasks[Office] = Tasks()
        self.voice = Voice(self.settings.language)
        self.look = Look(self.settings.theme, self.settings.text_size)
        self.facts: OfficeFacts | None = None
        self.last_used: dict[str, Any] = {}
        """Village, companions and place of the last record of this sign-in; never on disk."""

    def sign_in(self, facts: "OfficeFacts") -> None:
        """Somebody signed in: his settings are in force."""
        self.facts, self.last_used = facts, {}
        self.settings = load_settings(self._settings_file, facts.user)
        self._show_settings()

    def sign_out(self) -> None:
        """Locked: nothing of the sign-in stays."""
        self.facts, self.last_used = None, {}

    def change_settings(self, **changes: Any) -> Settings:
        """Take and keep other settings; language, theme and size show at once."""
        self.settings = replace(self.settings, **changes)
        save_settings(self._settings_file, self.settings, self.facts.user if self.facts else "")
        self._show_settings()
        return self.settings

    def _show_settings(self) -> None:
        self.look.switch(theme=self.settings.theme, text_size=self.settings.text_size)
        self.voice.switch(self.settings.language)

    def say_error(self, error: LiandongError) -> str:
        """The line for an expected trouble."""
        return self.voice.say_error(error)

    def say(self, key: str, **values: Any) -> str:
        """A text in the language in force."""
        return self.voice.say(key, **values)

    def place_finder(self, owner: QObject) -> Finder:
        """How a village picker looks places up on the data thread."""
        return self._finder(lambda office, text: office.find_places(text), owner, "places")

    def unit_finder(self, owner: QObject) -> Finder:
        """How a unit picker looks units up."""
        return self._finder(lambda office, text: office.find_units(text), owner, "units")

    def _finder(self, look_up: "Callable[[Office, str], list[Place]]", owner: QObject, name: str) -> Finder:
        tasks = self.tasks

        def find(text: str, deliver: Callable[[Any], None]) -> None:
            if tasks.is_open:
                tasks.read(lambda office: look_up(office, text), deliver, owner=owner, key=f"{name} {text}")

        return find
