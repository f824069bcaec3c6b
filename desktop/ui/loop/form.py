"""A form over the window, made from a template: fields in form order, lists as rows that grow."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.services.shapes import TemplateField
from desktop.ui.entry import Entry, FormGrid
from desktop.ui.loop.inputs import is_tall, make_input
from desktop.ui.screen import make_button
from desktop.ui.visits.rows import GrowingRows, Row
from desktop.ui.widgets.surfaces import Notice, make_label, scrolling
from desktop.ui.workplace import Workplace

WIDTH, HEIGHT = 760, 620
FILLED_BY_THE_PROGRAM = frozenset({"case", "reception", "document"})

OnDone = Callable[[str, dict[str, Any]], object]
"""Gets the verb of the button and the map that was typed."""


class ItemRows(GrowingRows):
    """Items of a list of maps."""

    def __init__(self, place: Workplace, entry: Entry, name: str, fields: Sequence[TemplateField]) -> None:
        self.prefix, self._fields = name, fields
        super().__init__(place, entry)

    def build(self, row: Row, index: int) -> None:
        """The inputs of an item under each other."""
        for line, field in enumerate(self._fields):
            name = field.name.rpartition(".")[2]
            path = f"{row.prefix}{name}"
            label = self.entry.add(path, widget := make_input(self.place.voice, field), f"loop.{self.prefix}_{name}")
            row.grid.addWidget(label, line, 0, FormGrid.label_alignment(top=is_tall(field)))
            row.grid.addWidget(widget, line, 1)


class TemplateForm(QDialog):
    """``verbs``: buttons at the foot, the last one the one for Enter."""

    def __init__(
        self, place: Workplace, window: QWidget, title: str, fields: Sequence[TemplateField], verbs: Sequence[str]
    ) -> None:
        super().__init__(window)
        self.setObjectName("loop.form")
        self._place = place
        self.entry = Entry(place, "loop")
        self.setWindowTitle(title)
        self.resize(place.look.scaled(WIDTH), min(place.look.scaled(HEIGHT), window.height() - 40))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(make_label(title, "title"))
        self.hint = make_label(role="quiet", wrap=True)
        self.hint.hide()
        column.addWidget(self.hint)
        column.addWidget(self._make_fields(fields), 1)
        self.notice = Notice(place.look, "loop.notice")
        column.addWidget(self.notice)
        self.on_done: OnDone = lambda _verb, _data: None
        column.addLayout(self._make_buttons(verbs))
        self._go_to_first()

    def advise(self, text: str) -> None:
        """A line under the title."""
        self.hint.setText(text)
        self.hint.show()

    def refuse(self, text: str, field: str) -> None:
        """It was refused: say why, mark the field, stay."""
        self.notice.tell(text, "wrong")
        self.entry.mark_wrong(field)

    def _make_fields(self, fields: Sequence[TemplateField]) -> QScrollArea:
        content = QWidget()
        grid = FormGrid(self.entry)
        holder = QVBoxLayout(content)
        holder.setContentsMargins(0, 0, 8, 0)
        holder.addLayout(grid)
        holder.addStretch(1)
        self._rows: list[ItemRows] = []
        for field in fields:
            if "[]" in field.name or field.name in FILLED_BY_THE_PROGRAM:
                continue
            if field.type == "list":
                inner = [one for one in fields if one.name.startswith(f"{field.name}[].")]
                self._rows.append(ItemRows(self._place, self.entry, field.name, inner))
                grid.wide(self._rows[-1].widget)
            else:
                grid.across(field.name, make_input(self._place.voice, field), top=is_tall(field))
        return scrolling(content)

    def _go_to_first(self) -> None:
        first = next(self.entry.paths(), None)
        if first is not None:
            self.entry[first].setFocus()

    def _make_buttons(self, verbs: Sequence[str]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(make_button(self._place, "loop.cancel", self.reject))
        for verb in verbs:
            row.addWidget(self._make_button(verb, primary=verb == verbs[-1]))
        return row

    def _make_button(self, verb: str, *, primary: bool) -> QPushButton:
        return make_button(
            self._place, f"loop.{verb}", lambda: self.on_done(verb, self.entry.values()), primary=primary
        )
