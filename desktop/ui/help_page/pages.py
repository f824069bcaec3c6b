"""Pages of help as Markdown, by topic and language; the same inside the window and before anybody signed in."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from desktop.ui.screen import make_button
from desktop.ui.workplace import Workplace
from sync.shipped.places import resources_folder

LEAST_WIDTH, LEAST_HEIGHT = 620, 520


def help_text(language: str, topic: str) -> str:
    """The page of a topic; of Today where it has none."""
    folder = resources_folder() / "help" / language
    path = folder / f"{topic}.md"
    chosen = path if path.is_file() else folder / "today.md"
    return chosen.read_text(encoding="utf-8")


class HelpDialog(QDialog):
    """One page over the window, for screens that stand before the sign-in."""

    def __init__(self, place: Workplace, window: QWidget, topic: str) -> None:
        super().__init__(window)
        self.setObjectName("help.dialog")
        self.setWindowTitle(place.say("help.screen_title"))
        look = place.look
        self.resize(
            min(look.scaled(LEAST_WIDTH), window.width() - 40), min(look.scaled(LEAST_HEIGHT), window.height() - 40)
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        self.browser = QTextBrowser()
        self.browser.setObjectName("help.dialog_text")
        self.browser.setAccessibleName(place.say("help.text"))
        self.browser.setOpenLinks(False)
        self.browser.setMarkdown(help_text(place.voice.language, topic))
        column.addWidget(self.browser)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(make_button(place, "help.close", self.accept, primary=True))
        column.addLayout(row)
