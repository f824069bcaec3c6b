"""What waits unsaved, in sight: the line that tells what is back, a button that asks once, the lines of a case."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.services.shapes import Draft
from desktop.ui.screen import make_button
from desktop.ui.today.model import shown_day
from desktop.ui.unsaved import dialog_title, parts_of
from desktop.ui.widgets.surfaces import Notice, clear_layout
from desktop.ui.workplace import Workplace
from sync.domain.ids import Instant


class DiscardButton(QPushButton):
    """The first press asks, the second discards; going elsewhere takes the question back."""

    def __init__(self, place: Workplace, name: str, on_discard: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("small", True)
        self.setAutoDefault(False)
        self._place, self._on_discard, self._asked = place, on_discard, False
        place.voice.follow(self, partial(place.say, "unsaved.discard"))
        place.voice.follow(self, partial(_spoken, place, name), "setAccessibleName")
        self.clicked.connect(lambda _=False: self._press())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Gone elsewhere."""
        self._ask(asked=False)
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight."""
        self._ask(asked=False)

    def _press(self) -> None:
        if not self._asked:
            self._ask(asked=True)
            return
        self._ask(asked=False)
        self._on_discard()

    def _ask(self, *, asked: bool) -> None:
        self._asked = asked
        self.setText(self._place.say("unsaved.discard_really" if asked else "unsaved.discard"))


class RestoredBar(QWidget):
    """Says that what was typed before is back, and lets it be discarded. Hidden while nothing was given back."""

    def __init__(self, place: Workplace, name: str, on_discard: Callable[[], None]) -> None:
        super().__init__()
        self._place = place
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.notice = Notice(place.look, f"{name}_restored")
        self.discard = DiscardButton(place, f"{name}_discard", on_discard)
        row.addWidget(self.notice, 1)
        row.addWidget(self.discard)
        self.hide()

    def tell(self, saved_at: Instant | None) -> None:
        """What was kept at ``saved_at`` is back; None: nothing is."""
        said = "" if saved_at is None else self._place.say("unsaved.restored", time=shown_day(saved_at))
        self.notice.tell(said, "care")
        self.setVisible(saved_at is not None)


class UnsavedStrip(QWidget):
    """A line for each dialog over a case whose text waits: go on, or discard it."""

    def __init__(self, place: Workplace, resume: Callable[[str], None], discard: Callable[[str], None]) -> None:
        super().__init__()
        self._place, self._resume, self._discard = place, resume, discard
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_drafts(self, drafts: Sequence[Draft]) -> None:
        """Write every line."""
        clear_layout(self._column)
        for draft in drafts:
            self._column.addWidget(self._line(draft))
        self.setVisible(bool(drafts))

    def _line(self, draft: Draft) -> QWidget:
        name, place = parts_of(draft.key)[0], self._place
        title = dialog_title(place.voice, name)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = Notice(place.look, f"unsaved.{name}")
        words.tell(place.say("unsaved.waiting", title=title, time=shown_day(draft.saved_at)), "care")
        row.addWidget(words, 1)
        resume = make_button(
            place, f"unsaved.resume_{name}", partial(self._resume, name), small=True, key="today.resume"
        )
        discard = DiscardButton(place, f"unsaved.discard_{name}", partial(self._discard, draft.key))
        for button, key in ((resume, "today.resume"), (discard, "unsaved.discard")):
            button.setAccessibleName(f"{place.say(key)} · {title}")
            row.addWidget(button)
        return holder


def _spoken(place: Workplace, name: str) -> str:
    return f"{place.say('unsaved.screen_title')} · {place.say('unsaved.discard')} · {name.partition('.')[0]}"
