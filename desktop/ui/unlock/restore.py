"""On an empty computer: put a backup back and sign in with a passphrase of that time."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QProgressBar, QWidget

from desktop.ui.screen import accessible_name, make_button
from desktop.ui.unlock.actions import Restoring, UnlockActions
from desktop.ui.widgets.surfaces import Card, Notice, make_label
from desktop.ui.widgets.typing import PERSONAL, Line
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.domain.times import to_local

KILOBYTE = 1024


class RestoreForm(Card):
    """File, user, passphrase; says when the backup was made before anything happens."""

    def __init__(
        self, place: Workplace, actions: UnlockActions, on_done: Callable[[], None], on_back: Callable[[], None]
    ) -> None:
        super().__init__()
        self._place, self._actions, self._on_done = place, actions, on_done
        self._looked_at = ""
        place.voice.put(self.heading, "restoring.screen_title")
        self.body.setSpacing(6)
        words = make_label(role="quiet", wrap=True)
        place.voice.put(words, "restoring.explained")
        self.body.addWidget(words)
        self.file = Line()
        self.file.editingFinished.connect(self.look)
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(make_button(place, "restoring.browse", self._browse, icon="folder-open", key="unlock.browse"))
        self._name("restoring.file", self.file)
        self.body.addLayout(row)
        self.user = QComboBox()
        self._name("restoring.user", self.user)
        self.body.addWidget(self.user)
        self.passphrase = Line()
        self.passphrase.setEchoMode(Line.EchoMode.Password)
        self.passphrase.setInputMethodHints(PERSONAL)
        self.passphrase.returnPressed.connect(self.restore)
        self._name("restoring.passphrase", self.passphrase)
        self.body.addWidget(self.passphrase)
        self.notice = Notice(place.look, "restoring.notice")
        self.body.addWidget(self.notice)
        self.bar = QProgressBar()
        self.bar.setObjectName("restoring.progress")
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.body.addWidget(self.bar)
        self._make_foot(on_back)

    def begin(self) -> None:
        """It comes to the front."""
        self.forget()
        self.file.setFocus()

    def forget(self) -> None:
        """Nothing typed stays."""
        self.file.clear()
        self.passphrase.clear()
        self.user.clear()
        self._looked_at = ""
        self.notice.tell("")
        self._set_busy(busy=False)

    def look(self) -> None:
        """Say when the chosen backup was made, and offer who can open it."""
        path = self.file.text().strip()
        if path and path != self._looked_at and self.window().isVisible():
            self._looked_at = path
            self._actions.look_at_backup(Path(path), self._show_backup, self._refused)

    def restore(self) -> None:
        """Put it back and sign in."""
        path, passphrase = self.file.text().strip(), self.passphrase.text()
        if not path or not passphrase:
            self.notice.tell(self._place.say("restoring.wanted"), "wrong")
            (self.passphrase if path else self.file).setFocus()
            return
        self._set_busy(busy=True)
        self.notice.tell(self._place.say("restoring.running"))
        told = Restoring(Path(path), passphrase, self.user.currentData())
        self._actions.restore(told, self._show_progress, lambda _: self._done(), self._refused)

    def _show_backup(self, seen: tuple[int, tuple[str, ...]]) -> None:
        made_at, users = seen
        moment = to_local(made_at).strftime("%Y-%m-%d %H:%M")
        self.notice.tell(self._place.say("restoring.made_at", moment=moment), "good")
        chosen = self.user.currentData()
        self.user.clear()
        for name in users:
            self.user.addItem(name, name)
        self.user.setCurrentIndex(max(0, self.user.findData(chosen)))

    def _show_progress(self, progress: tuple[int, int]) -> None:
        done, whole = (part // KILOBYTE for part in progress)
        self.bar.setRange(0, max(1, whole))
        self.bar.setValue(done)

    def _done(self) -> None:
        self._set_busy(busy=False)
        self._on_done()
        self._place.toast.emit(self._place.say("restoring.done"))

    def _refused(self, error: LiandongError) -> None:
        self._set_busy(busy=False)
        self.notice.tell(self._place.say_error(error), "wrong")
        self.passphrase.selectAll()

    def _set_busy(self, *, busy: bool) -> None:
        self.bar.setRange(0, 0 if busy else 1)
        self.bar.setVisible(busy)
        for part in (self.file, self.user, self.passphrase, self.go, self.back):
            part.setEnabled(not busy)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self._place.say("restoring.file"))
        if path:
            self.file.setText(path)
            self.look()

    def _name(self, name: str, field: QWidget) -> None:
        field.setObjectName(name)
        label = make_label(role="label")
        place = self._place
        place.voice.put(label, name)
        place.voice.follow(field, lambda: accessible_name(place, name), "setAccessibleName")
        self.body.addWidget(label)

    def _make_foot(self, on_back: Callable[[], None]) -> None:
        row = QHBoxLayout()
        self.back = make_button(self._place, "restoring.back", on_back, icon="arrow-left", flat=True)
        self.go = make_button(self._place, "restoring.go", self.restore, primary=True, icon="history")
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.go)
        self.body.addLayout(row)
