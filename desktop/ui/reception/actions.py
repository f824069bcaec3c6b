"""What the reception page does on the data thread: register, look for similar matters, print."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from desktop.services.recording import DraftKey
from desktop.services.shapes import Hit, Saved
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

OnError = Callable[[LiandongError], None]
TOUCHED = ("Reception", "Case", "Draft")


class ReceptionActions(QObject):
    """Work of one reception page."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place

    def register(self, data: dict[str, Any], draft: str, on_done: Callable[[Saved], None], on_error: OnError) -> None:
        """Record the walk-in; its draft goes with it."""

        key = DraftKey("reception", draft)
        self._place.tasks.write(
            lambda office: office.record("Reception", data, draft=key), on_done, on_error, owner=self, kinds=TOUCHED
        )

    def find_similar(self, text: str, on_done: Callable[[Sequence[Hit]], None]) -> None:
        """Matters (never persons) whose text is alike."""
        self._place.tasks.read(lambda office: office.similar(text), on_done, owner=self, key="similar")

    def load_draft(self, key: str, on_done: Callable[[Any], None]) -> None:
        """A stored draft."""
        self._place.tasks.read(lambda office: office.load_draft("reception", key), on_done, owner=self)
