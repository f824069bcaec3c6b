"""Help for the screen in front, and a list of all topics: a Markdown page a topic and language, offline."""

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QListWidget, QTextBrowser, QWidget

from desktop.ui.help_page.pages import help_text
from desktop.ui.screen import Commands, Screen
from desktop.ui.widgets.surfaces import Card
from desktop.ui.workplace import Workplace

TOPICS = (
    "start", "today", "visit", "reception", "cases", "case", "preview", "exchange", "settings", "rules", "viewer",
    "custodians", "county",
)  # fmt: skip
TOPICS_WIDTH = 190


class HelpScreen(Screen):
    """Shows ``resources/help/<language>/<topic>.md``; a page's first line is its name in the list at the left, and a
    link of a page leads to another page."""

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
        self.topics = QListWidget()
        self.topics.setObjectName("help.topics")
        place.voice.put(self.topics, "help.topics", "setAccessibleName")
        self.topics.currentRowChanged.connect(self._turn_to)
        place.look.changed.connect(self._fit)
        self._fit()
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(18)
        card = Card()
        card.hide_head()
        card.body.addWidget(self.browser)
        row.addWidget(self.topics)
        row.addWidget(card, 1)
        self.middle.addWidget(holder)

    def open(self, argument: Any = None) -> None:
        """The page of a screen."""
        if isinstance(argument, str):
            self._topic = self._shown = argument
        self.refresh()
        self.topics.setFocus()

    def show_page(self, topic: str) -> None:
        """Another page; the way back stays."""
        self._shown = topic
        self.refresh()

    def refresh(self) -> None:
        """List the topics and show one, in the language in force."""
        offered, language = self._offered(), self.place.voice.language
        self.topics.blockSignals(True)
        self.topics.clear()
        self.topics.addItems([_name_of(help_text(language, topic)) for topic in offered])
        self.topics.setCurrentRow(offered.index(self._shown) if self._shown in offered else -1)
        self.topics.blockSignals(False)
        self.browser.setMarkdown(help_text(language, self._shown))

    def commands(self) -> Commands:
        """Keys of this page."""
        return {"back": self.back, "help": self.back}

    def back(self) -> None:
        """The page one read before, or where one came from."""
        if self._shown != self._topic:
            self.show_page(self._topic)
            return
        self.place.go.emit(self._topic, None)

    def _turn_to(self, row: int) -> None:
        if row >= 0:
            self._shown = self._offered()[row]
            self.browser.setMarkdown(help_text(self.place.voice.language, self._shown))

    def _offered(self) -> tuple[str, ...]:
        """The county's desk has its page for the county's own unit alone."""
        facts = self.place.facts
        is_county = facts is not None and facts.unit == facts.county
        return tuple(topic for topic in TOPICS if topic != "county" or is_county)

    def _fit(self) -> None:
        self.topics.setFixedWidth(self.place.look.scaled(TOPICS_WIDTH))


def _name_of(page: str) -> str:
    return page.partition("\n")[0].removeprefix("# ")
