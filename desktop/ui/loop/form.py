"""A form over the window, made from a template: fields in form order, lists as rows that grow."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.services.shapes import TemplateField
from desktop.ui.entry import Entry, FormGrid
from desktop.ui.kept import KeptDialog
from desktop.ui.loop.inputs import is_tall, make_input
from desktop.ui.loop.missing import MissingLine
from desktop.ui.screen import make_button
from desktop.ui.visits.rows import GrowingRows, Row
from desktop.ui.widgets.surfaces import make_label, scrolling
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


class TemplateForm(KeptDialog):
    """``verbs``: buttons at the foot, the last one the one for Ctrl+Enter."""

    def __init__(
        self, place: Workplace, window: QWidget, title: str, fields: Sequence[TemplateField], verbs: Sequence[str]
    ) -> None:
        super().__init__(place, window, "loop.form", title, "loop")
        self.resize(place.look.scaled(WIDTH), min(place.look.scaled(HEIGHT), window.height() - 40))
        self.column.addWidget(make_label(title, "title"))
        self.hint = make_label(role="quiet", wrap=True)
        self.hint.hide()
        self.column.addWidget(self.hint)
        self.column.addWidget(self.restored)
        self.column.addWidget(self._make_fields(fields), 1)
        self.missing = MissingLine(place, self.entry)
        self.column.addWidget(self.missing)
        self.on_done: OnDone = lambda _verb, _data: None
        self.add_buttons(
            make_button(place, "loop.cancel", self.reject),
            *(self._make_button(verb, primary=verb == verbs[-1]) for verb in verbs),
        )

    def advise(self, text: str) -> None:
        """A line under the title."""
        self.hint.setText(text)
        self.hint.show()

    def show_typed(self, values: dict[str, Any]) -> None:
        """Rows grow as needed."""
        for rows in self._rows:
            rows.keep(len(values.get(rows.prefix) or ()))
        super().show_typed(values)

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
                self._rows.append(ItemRows(self.place, self.entry, field.name, inner))
                grid.wide(self._rows[-1].widget)
            else:
                grid.across(field.name, make_input(self.place.voice, field), top=is_tall(field))
        return scrolling(content)

    def _make_button(self, verb: str, *, primary: bool) -> QPushButton:
        return make_button(
            self.place,
            f"loop.{verb}",
            lambda: self._do(verb),
            primary=primary,
            command="commit" if primary else "",
        )

    def _do(self, verb: str) -> None:
        self.submit()
        self.on_done(verb, self.typed())
