"""A dialog whose typed text is never lost: kept while typing and at lock, given back when it is opened again."""

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.services.shapes import Draft
from desktop.ui.autosave import Autosave
from desktop.ui.entry import Entry
from desktop.ui.keys import KEYS
from desktop.ui.tabs import order_tabs
from desktop.ui.unsaved import SCREEN, draft_key
from desktop.ui.unsaved_view import RestoredBar
from desktop.ui.widgets.surfaces import Notice, lay_out_again
from desktop.ui.workplace import Workplace


class KeptDialog(QDialog):
    """``topic`` names its inputs, which stand in ``entry``. Closing keeps the text; only saving or discarding ends it.

    Made in this order: inputs, :meth:`add_buttons`, start values, :meth:`begin`, ``open()``.
    """

    def __init__(self, place: Workplace, window: QWidget, name: str, title: str, topic: str) -> None:
        super().__init__(window)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.place = place
        self.entry = Entry(place, topic)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(12)
        self.restored = RestoredBar(place, name, self.discard)
        self.notice = Notice(place.look, f"{name}_notice")
        self._draft: Autosave | None = None
        self._start: dict[str, Any] = {}
        self._is_submitted = False
        self._primary: QPushButton | None = None

    def typed(self) -> dict[str, Any]:
        """What the inputs hold."""
        return self.entry.values()

    def show_typed(self, values: dict[str, Any]) -> None:
        """Show what :meth:`typed` gave."""
        self.entry.fill(values)

    def begin(self, name: str, case: str, draft: Draft | None) -> None:
        """All inputs hold their start values: give back what was kept, keep from here on, go to the first input."""
        key = draft_key(name, case)
        self._start = self.typed()
        self._draft = Autosave(self.place, SCREEN, self._body, key=key.key, dossier=case)
        if draft is not None:
            self.show_typed(draft.body["values"])
            self._draft.resume(key.key)
            self.restored.tell(draft.saved_at)
        self.entry.edited.connect(self._on_edited)
        self.focus_first()

    def focus_first(self) -> None:
        """Go to the first input, or the button where there is none."""
        first = next(self.entry.paths(), None)
        target = self._primary if first is None else self.entry[first]
        if target is not None:
            target.setFocus()

    def keep(self) -> None:
        """Keep at once what was typed."""
        if self._draft is not None:
            self._draft.save_now()

    def discard(self) -> None:
        """Drop what was given back and begin anew."""
        if self._draft is not None:
            self._draft.drop()
        self.show_typed(self._start)
        self.restored.tell(None)
        self.focus_first()

    def submit(self) -> None:
        """It is being saved: what was typed is kept first, and goes in the transaction that saves it."""
        if self._draft is not None:
            self._draft.touch()
            self._draft.save_now()
        self._is_submitted = True
        self.notice.tell("")

    def go_on(self) -> None:
        """It is not being saved after all: typing goes on, and is kept."""
        self._is_submitted = False
        self._on_edited()

    def refuse(self, text: str, field: str = "") -> None:
        """It was refused: say why, mark the field, stay."""
        self.go_on()
        self.notice.tell(text, "wrong")
        self.entry.mark_wrong(field)

    def showEvent(self, event: QShowEvent) -> None:
        """Texts have their heights once they are styled; what was given back is not overwritten by the next key."""
        super().showEvent(event)
        lay_out_again(self)
        QTimer.singleShot(0, self, self._unselect)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as one reads, also through rows that grew meanwhile."""
        order_tabs(self)
        return super().focusNextPrevChild(forward)

    def done(self, result: int) -> None:
        """Closed: saved, or kept for later."""
        if self._draft is not None:
            if result == QDialog.DialogCode.Accepted:
                self._draft.restart()
            else:
                self._draft.save_now()
        super().done(result)

    def add_buttons(self, *buttons: QPushButton) -> None:
        """The line above the foot and the buttons; Ctrl+Enter presses the last one."""
        self.column.addWidget(self.notice)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self.column.addLayout(row)
        self._primary = buttons[-1]
        shortcut = QShortcut(QKeySequence(KEYS["commit"]), self)
        shortcut.activated.connect(buttons[-1].click)

    def _on_edited(self) -> None:
        if self._draft is not None and not self._is_submitted:
            self._draft.touch()

    def _unselect(self) -> None:
        line = self.focusWidget()
        if isinstance(line, QLineEdit) and self.restored.isVisible():
            line.end(False)

    def _body(self) -> dict[str, Any] | None:
        values = self.typed()
        return None if values == self._start else {"values": values}
