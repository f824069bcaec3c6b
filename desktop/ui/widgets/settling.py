"""Lists of what waits for a person: conflicts with both values side by side, changes set apart."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.services.problem_shapes import ApartRow, ConflictRow
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import make_label, make_rule
from desktop.ui.workplace import Workplace
from sync.domain.declarations import FieldType, facet_of
from sync.domain.records import KINDS
from sync.domain.times import to_local
from sync.shipped.kind_names import kind_name

Take = Callable[[ConflictRow, str], None]
WAYS = ("standing", "other")


class WaitingLists:
    """Makes the rows of one screen; ``name`` is the screen's, before each button's name."""

    def __init__(self, place: Workplace, name: str) -> None:
        self._place, self._name = place, name

    def conflict(self, row: ConflictRow, number: int, take: Take) -> QWidget:
        """One conflict: what it is about, both values with their authors, a button under each."""
        holder, column = _column()
        about = " · ".join(filter(None, (row.unit_name, row.number, row.title)))
        column.addWidget(make_label(about, "strong", wrap=True))
        column.addWidget(make_label(self.field(row.target_kind, row.field), "quiet", wrap=True))
        sides = QHBoxLayout()
        sides.setSpacing(12)
        for way in WAYS:
            sides.addWidget(self._side(row, way, number, take), 1)
        column.addLayout(sides)
        if row.reason_key:
            column.addWidget(make_label(self._place.say(row.reason_key), "quiet", wrap=True))
        return holder

    def apart(self, row: ApartRow, number: int, release: Callable[[ApartRow], None] | None) -> QWidget:
        """One change set apart: whose, what kinds, why; released by the county only."""
        holder, column = _column()
        kinds = self._place.say("ui.and").join(kind_name(kind, self._place.voice.language) for kind in row.kinds)
        when = to_local(row.created_at).strftime("%m-%d %H:%M")
        about = " · ".join(filter(None, (row.unit_name, row.author, kinds, when)))
        line = QHBoxLayout()
        line.addWidget(make_label(about, "strong", wrap=True), 1)
        if release is not None:
            line.addWidget(self._button("release", number, about, lambda: release(row)), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        column.addWidget(make_label(self._reason(row.reason), "quiet", wrap=True))
        return holder

    def field(self, kind: str, name: str) -> str:
        """What a field is called."""
        key = f"{kind.lower()}.{name}"
        voice = self._place.voice
        return voice.say(key) if voice.knows(key) else f"{kind_name(kind, voice.language)} {name}".removesuffix(" *")

    def value(self, kind: str, name: str, value: Any) -> str:
        """A value in words."""
        if value is None or value in ([], ""):
            return self._place.say("waiting.empty")
        if isinstance(value, dict):
            return self._place.say("waiting.masked")
        if isinstance(value, bool):
            return self._place.say("waiting.yes" if value else "waiting.no")
        declaration = KINDS.get(kind)
        record: Any = declaration.record if declaration else None
        facet = facet_of(record).get(name) if record else None
        if facet and facet.type is FieldType.CODE:
            return self._place.voice.label(facet.vocabulary, str(value)) or str(value)
        return "；".join(map(str, value)) if isinstance(value, list) else str(value)

    def _side(self, row: ConflictRow, way: str, number: int, take: Take) -> QWidget:
        box = QFrame()
        box.setProperty("role", "card")
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 8, 12, 8)
        author = getattr(row, f"{way}_author") or self._place.say("waiting.unknown_author")
        column.addWidget(make_label(self._place.say(f"waiting.{way}", author=author), "quiet", wrap=True))
        value = self.value(row.target_kind, row.field, getattr(row, way))
        words = make_label(value, wrap=True)
        words.setObjectName(f"{self._name}.{way}_{number}")
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(words, 1)
        if not row.reason_key and not (way == "other" and row.other_barred):
            about = f"{row.title} · {value}"
            button = self._button(f"take_{way}", number, about, lambda: take(row, way))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _button(self, verb: str, number: int, about: str, on_click: Callable[[], None]) -> QPushButton:
        key = {"release": "waiting.release"}.get(verb, "waiting.take")
        button = make_button(self._place, f"{self._name}.{verb}_{number}", on_click, key=key, small=True)
        self._place.voice.follow(button, lambda: f"{self._place.say(key)} · {about}", "setAccessibleName")
        return button

    def _reason(self, key: str) -> str:
        voice = self._place.voice
        return voice.say(key) if voice.knows(key) else voice.say("waiting.other_reason")


def put_rows(column: QVBoxLayout, rows: list[QWidget]) -> None:
    """Rows under each other with hairlines between."""
    for row in rows:
        if column.count():
            column.addWidget(make_rule())
        column.addWidget(row)


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 6, 0, 6)
    column.setSpacing(4)
    return holder, column
