"""Help for the screen in front: a Markdown page a screen and language, offline."""

from typing import Any

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from desktop.ui.help_page.pages import help_text
from desktop.ui.screen import Commands, Screen
from desktop.ui.widgets.surfaces import Card
from desktop.ui.workplace import Workplace


class HelpScreen(Screen):
    """Shows ``resources/help/<language>/<screen>.md``; a link of a page leads to another page of help."""

    name = "help"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._topic = self._shown = "today"
        self.top.addStretch(1)
        self.top.addWidget(self.button("back", self.back, icon="arrow-left", command="back"))
        self.browser = QTextBrowser()
        self.browser.setObjectName("help.text")
        place.voice.put(self.browser, "help.text", "setAccessibleName")
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(lambda link: self.show_page(link.toString()))
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
            self._topic = self._shown = argument
        self.refresh()

    def show_page(self, topic: str) -> None:
        """Another page; the way back stays."""
        self._shown = topic
        self.refresh()

    def refresh(self) -> None:
        """Show it in the language in force."""
        self.browser.setMarkdown(help_text(self.place.voice.language, self._shown))

    def commands(self) -> Commands:
        """Keys of this page."""
        return {"back": self.back, "help": self.back}

    def back(self) -> None:
        """The page one read before, or where one came from."""
        if self._shown != self._topic:
            self.show_page(self._topic)
            return
        self.place.go.emit(self._topic, None)
