"""Backups: those that made themselves, one now into a file of one's choice, and the proof that one can be put back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.backups import BackupRow, BackupsView, Drilled, HandBackup
from desktop.ui.screen import make_button
from desktop.ui.widgets.moments import local_now
from desktop.ui.widgets.surfaces import Card, clear_layout, make_label
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.domain.ids import Instant
from sync.domain.times import to_local

KILOBYTE = 1024
MOST_SHOWN = 5


class BackupCard(Card):
    """What is kept here, when the next is due, and three buttons."""

    def __init__(self, place: Workplace, tell: Callable[[str, str], None]) -> None:
        super().__init__("settings.backup_card")
        self._place, self._tell = place, tell
        place.voice.put(self.heading, "settings.backup_card")
        self._say("settings.backup_line")
        self._list = QVBoxLayout()
        self.body.addLayout(self._list)
        self._say("settings.restore_how")
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 0)
        row.addStretch(1)
        self.check_button = make_button(place, "settings.check_other", self.ask_check, icon="shield-check")
        self.button = make_button(place, "settings.backup", self.ask, icon="save")
        row.addWidget(self.check_button)
        row.addWidget(self.button)
        self.body.addLayout(row)

    def refresh(self) -> None:
        """Read what is kept."""
        self._place.tasks.read(lambda office: office.backups(), self.show_backups, owner=self, key="backups")

    def show_backups(self, view: BackupsView) -> None:
        """Write a line for each backup, and when the next is due."""
        clear_layout(self._list)
        say = self._place.say
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        for index, row in enumerate(view.rows[:MOST_SHOWN]):
            words = say("settings.backup_row", moment=_moment(row.made_at), size=_size(row.bytes))
            grid.addWidget(make_label(words), index, 0)
            grid.addWidget(self._check_button(index, row, words), index, 1)
        self._list.addWidget(holder if view.rows else make_label(say("settings.no_backups"), "quiet", wrap=True))
        key = "settings.backup_due" if view.due_at else "settings.backup_due_now"
        due = say(key, moment=_moment(view.due_at) if view.due_at else "")
        self._list.addWidget(make_label(due, "quiet", wrap=True))
        for index, kept in enumerate([kept for kept in view.by_hand if kept.outdated][:MOST_SHOWN]):
            self._ask_to_destroy(index, kept)

    def _ask_to_destroy(self, index: int, kept: HandBackup) -> None:
        """A backup by hand that still opens identities which were sealed to the county since."""
        words = self._place.say("settings.backup_outdated", moment=_moment(kept.made_at), file=str(kept.path))
        self._list.addWidget(make_label(words, "wrong", wrap=True))
        name = f"settings.destroy_backup_{index}"
        ask = partial(self.remove, kept.path)
        self._list.addWidget(make_button(self._place, name, ask, small=True, key="settings.destroy_backup"))

    def remove(self, path: Path) -> None:
        """Delete a backup, or hear that it was destroyed."""
        self._place.tasks.write(
            lambda office: office.destroy_backup(path), partial(self._destroyed, path), self._refused, owner=self
        )

    def _destroyed(self, path: Path, there: bool) -> None:
        key = "settings.backup_destroyed" if there else "settings.backup_forgotten"
        self._tell(self._place.say(key, file=path.name), "good")
        self.refresh()

    def ask(self) -> None:
        """Ask where to, then write."""
        suggested = self._place.say("settings.backup_name", day=local_now().date().isoformat())
        path, _ = QFileDialog.getSaveFileName(self, self._place.say("settings.backup"), suggested)
        if path:
            self.write(Path(path))

    def write(self, path: Path) -> None:
        """Write the backup."""
        self._set_busy("settings.backing_up")
        self._place.tasks.aside(
            lambda office, stop: office.backup(path, stop, self._place.tasks.on_data_thread),
            lambda size: self._done(path, size),
            self._refused,
            owner=self,
        )

    def ask_check(self) -> None:
        """Ask for a backup, then try it."""
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("settings.check_other"))
        if path:
            self.check(Path(path))

    def check(self, path: Path) -> None:
        """Try a backup out: unpacked aside, opened and recounted."""
        self._set_busy("settings.checking_backup")
        self._place.tasks.aside(
            lambda office, stop: office.check_backup(path, stop), self._checked, self._refused, owner=self
        )

    def forget(self) -> None:
        """Locked: what was under way is dropped."""
        self._set_busy("")

    def _checked(self, found: Drilled) -> None:
        self._set_busy("")
        said = self._place.say("settings.backup_checked", moment=_moment(found.made_at), records=found.records)
        self._tell(said, "good")

    def _done(self, path: Path, size: int) -> None:
        self._set_busy("")
        self._tell(self._place.say("settings.backed_up", file=path.name, size=_size(size)), "good")

    def _refused(self, error: LiandongError) -> None:
        self._set_busy("")
        self._tell(self._place.say_error(error), "wrong")

    def _set_busy(self, key: str) -> None:
        for button in (self.button, self.check_button):
            button.setEnabled(not key)
        if key:
            self._tell(self._place.say(key), "info")

    def _check_button(self, index: int, row: BackupRow, words: str) -> QWidget:
        name = f"settings.check_backup_{index}"
        button = make_button(self._place, name, partial(self.check, row.path), small=True, key="settings.check_backup")
        button.setAccessibleName(f"{self._place.say('settings.check_backup')} {index + 1} {words}")
        return button

    def _say(self, key: str) -> None:
        words = make_label(role="quiet", wrap=True)
        self._place.voice.put(words, key)
        self.body.addWidget(words)


def _moment(at: Instant) -> str:
    return to_local(at).strftime("%Y-%m-%d %H:%M")


def _size(count: int) -> str:
    return f"{max(1, count // KILOBYTE):,} KB"
