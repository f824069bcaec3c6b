"""Back the profile up now, into a file of one's choice; and what happens by itself."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from desktop.ui.screen import make_button
from desktop.ui.widgets.moments import local_now
from desktop.ui.widgets.surfaces import Card, make_label
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

KILOBYTE = 1024


class BackupCard(Card):
    """One button, one line."""

    def __init__(self, place: Workplace, tell: Callable[[str, str], None]) -> None:
        super().__init__("settings.backup_card")
        self._place, self._tell = place, tell
        place.voice.put(self.heading, "settings.backup_card")
        words = make_label(role="quiet", wrap=True)
        place.voice.put(words, "settings.backup_line")
        self.body.addWidget(words)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 6, 0, 0)
        row.addStretch(1)
        self.button = make_button(place, "settings.backup", self.ask, icon="save")
        row.addWidget(self.button)
        self.body.addWidget(holder)

    def ask(self) -> None:
        """Ask where to, then write."""
        suggested = self._place.say("settings.backup_name", day=local_now().date().isoformat())
        path, _ = QFileDialog.getSaveFileName(self, self._place.say("settings.backup"), suggested)
        if path:
            self.write(Path(path))

    def write(self, path: Path) -> None:
        """Write the backup."""
        self.button.setEnabled(False)
        self._tell(self._place.say("settings.backing_up"), "info")
        self._place.tasks.aside(
            lambda office, stop: office.backup(path, stop),
            lambda size: self._done(path, size),
            self._refused,
            owner=self,
        )

    def forget(self) -> None:
        """Locked: what was under way is dropped."""
        self.button.setEnabled(True)

    def _done(self, path: Path, size: int) -> None:
        self.button.setEnabled(True)
        size_words = f"{max(1, size // KILOBYTE):,} KB"
        self._tell(self._place.say("settings.backed_up", file=path.name, size=size_words), "good")

    def _refused(self, error: LiandongError) -> None:
        self.button.setEnabled(True)
        self._tell(self._place.say_error(error), "wrong")
