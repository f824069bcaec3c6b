"""Keep what is being typed: a draft is saved when typing pauses, and at least every 1.8 seconds while it goes on."""

import secrets
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.ui.workplace import Workplace

PAUSE_MILLISECONDS = 700
CEILING_MILLISECONDS = 1800
TOUCHED = ("Draft",)


class Autosave(QObject):
    """Drafts of one form. ``read`` gives the body to keep, or None where nothing may be kept.

    Each draft has a key of its own, unless one is given: then there is one draft, about ``dossier``.
    """

    saved = Signal()

    def __init__(
        self,
        place: Workplace,
        screen: str,
        read: Callable[[], dict[str, Any] | None],
        *,
        key: str = "",
        dossier: str | None = None,
    ) -> None:
        super().__init__()
        self._place, self._screen, self._read = place, screen, read
        self._only_key, self.dossier = key, dossier
        self.key = key or secrets.token_hex(8)
        self.is_dirty = False
        self._is_stored = False
        self._pause, self._ceiling = self._timer(PAUSE_MILLISECONDS), self._timer(CEILING_MILLISECONDS)

    def touch(self) -> None:
        """Something was typed."""
        self.is_dirty = True
        self._pause.start()
        if not self._ceiling.isActive():
            self._ceiling.start()

    def save_now(self) -> None:
        """Save at once what is not yet saved; where all of it was taken out again the draft goes."""
        self._stop()
        if not self.is_dirty or not self._place.tasks.is_open:
            self.is_dirty = False
            return
        self.is_dirty = False
        body = self._read()
        if body is None:
            self._drop_stored()
            return
        screen, key, dossier = self._screen, self.key, self.dossier
        self._is_stored = True
        self._place.tasks.write(
            lambda office: office.save_draft(screen, key, body, dossier=dossier),
            lambda _: self.saved.emit(),
            kinds=TOUCHED,
        )

    def resume(self, key: str) -> None:
        """Go on with a stored draft."""
        self._stop()
        self.key, self.is_dirty, self._is_stored = key, False, True

    def turn_to(self, key: str, *, stored: bool) -> None:
        """Keep what is typed about a dossier under its id from now on; ``stored``: something of it is kept already."""
        self.resume(key)
        self.dossier, self._is_stored = key, stored

    def drop(self) -> None:
        """Delete the stored draft and begin a new one: nothing of what was typed remains."""
        self._drop_stored()
        self.restart()

    def restart(self) -> None:
        """Begin a new draft; the old one was stored with its record or dropped."""
        self.resume(self._only_key or secrets.token_hex(8))
        self._is_stored = False
        if not self._only_key:
            self.dossier = None

    def _drop_stored(self) -> None:
        screen, key = self._screen, self.key
        if self._is_stored and self._place.tasks.is_open:
            self._place.tasks.write(lambda office: office.drop_draft(screen, key), lambda _: None, kinds=TOUCHED)
        self._is_stored = False

    def _stop(self) -> None:
        self._pause.stop()
        self._ceiling.stop()

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(self.save_now)
        return timer
