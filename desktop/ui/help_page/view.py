"""Help for the screen in front: a Markdown page a screen and language, offline."""

from typing import Any

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from desktop.ui.screen import Commands, Screen
from desktop.ui.widgets.surfaces import Card
from desktop.ui.workplace import Workplace
from sync.shipped.places import resources_folder


class HelpScreen(Screen):
    """Shows ``resources/help/<language>/<screen>.md``."""

    name = "help"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._topic = "today"
        self.top.addStretch(1)
        self.top.addWidget(self.button("back", self.back, icon="arrow-left", command="back"))
        self.browser = QTextBrowser()
        self.browser.setObjectName("help.text")
        place.voice.put(self.browser, "help.text", "setAccessibleName")
        self.browser.setOpenLinks(False)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(24, 20, 24, 20)
        card = Card()
        card.hide_head()
        card.body.addWidget(self.browser)
        column.addWidget(card)
        self.middle.addWidget(holder)

    def open(self, argument: Any = None) -> None:
        """The page of a screen."""
        if isinstance(argument, str):
            self._topic = argument
        self.refresh()

    def refresh(self) -> None:
        """Show it in the language in force."""
        folder = resources_folder() / "help" / self.place.voice.language
        path = folder / f"{self._topic}.md"
        chosen = path if path.is_file() else folder / "today.md"
        self.browser.setMarkdown(chosen.read_text(encoding="utf-8"))

    def commands(self) -> Commands:
        """Keys of this page."""
        return {"back": self.back, "help": self.back}

    def back(self) -> None:
        """Where one came from."""
        self.place.go.emit(self._topic, None)
