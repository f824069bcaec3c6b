"""The trail of a case as a timeline: newest first, unsent and ineffective steps marked by shape and word."""

from typing import Any

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.voice import Voice
from desktop.ui.widgets.surfaces import Pill, clear_layout, make_label
from desktop.ui.workplace import Workplace
from sync.domain.declarations import FieldType, facet_of
from sync.domain.records import Step

VALUES = (
    "approved", "nature", "scope", "procedure", "route", "clearing", "disposition", "result", "claim_outcome",
    "satisfaction", "objection", "supervise_reason", "supervise_method", "method", "days", "until", "to_person",
    "units", "told", "document",
)  # fmt: skip
"""Fields of a step that its line names, in this order."""
MARK_COLUMN = 26
MARK_TOP = 13


class _Mark(QWidget):
    """The line of the timeline and a dot on it."""

    def __init__(self, place: Workplace, *, hollow: bool) -> None:
        super().__init__()
        self._look, self._hollow = place.look, hollow
        self.setFixedWidth(MARK_COLUMN)

    def sizeHint(self) -> QSize:
        """As high as its row."""
        return QSize(MARK_COLUMN, 20)

    def paintEvent(self, _: QPaintEvent) -> None:
        """A line through, a square dot: filled when it holds and the county has it, hollow when not."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.colour("field_line"), 2))
        painter.drawLine(9, 0, 9, self.height())
        colour: QColor = self._look.colour("amber" if self._hollow else "primary")
        painter.setPen(QPen(colour, 2))
        painter.setBrush(self._look.colour("card") if self._hollow else colour)
        painter.drawRoundedRect(QRectF(4, MARK_TOP - 5, 10, 10), 3, 3)


class Trail(QWidget):
    """Rows of steps."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_steps(self, trail: list[dict[str, Any]], names: dict[str, str]) -> None:
        """Newest first."""
        clear_layout(self._column)
        for line in reversed(trail):
            self._column.addWidget(self._row(line, names))

    def _row(self, line: dict[str, Any], names: dict[str, str]) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(_Mark(self._place, hollow=not line["effective"] or bool(line.get("unsent"))))
        words = QVBoxLayout()
        words.setContentsMargins(0, 2, 0, 10)
        words.setSpacing(1)
        words.addLayout(self._head(line, names))
        words.addWidget(make_label(self._quiet_line(line, names), "quiet", wrap=True))
        for text in (step_values(line, self._place.voice, names), *_texts(line)):
            if text:
                words.addWidget(make_label(text, wrap=True))
        if not line["effective"]:
            reason = self._place.say(line["reason"]) if self._place.voice.knows(line["reason"]) else ""
            words.addWidget(make_label(self._place.say("case.not_effective", reason=reason), "amber", wrap=True))
        row.addLayout(words, 1)
        return holder

    def _head(self, line: dict[str, Any], names: dict[str, str]) -> QHBoxLayout:
        """What was done; before it, whether the county has it not yet."""
        row = QHBoxLayout()
        row.setSpacing(8)
        if line.get("unsent"):
            row.addWidget(Pill(self._place.look, self._place.say("cases.unsent"), "due", "arrow-up"))
        row.addWidget(make_label(self._headline(line, names), "strong", wrap=True), 1)
        return row

    def _headline(self, line: dict[str, Any], names: dict[str, str]) -> str:
        step = self._place.voice.label("step", line["step"])
        target = names.get(line.get("to_unit") or "", line.get("to_unit") or "")
        return f"{step} → {target}" if target else step

    def _quiet_line(self, line: dict[str, Any], names: dict[str, str]) -> str:
        moment = str(line.get("at") or "").replace("T", " ")[:16]
        unit = names.get(line.get("unit") or "", "")
        return " · ".join(filter(None, (moment, unit, line.get("author"))))


def step_values(line: dict[str, Any], voice: Voice, names: dict[str, str]) -> str:
    """What was entered with a step besides its texts: ``处置方式:初步核实 · 期限:2027-01-10``."""
    parts = [(name, _value(name, line[name], voice, names)) for name in VALUES if line.get(name) not in (None, "")]
    return " · ".join(voice.say("case.named_value", name=voice.say(f"case.{name}"), value=text) for name, text in parts)


def _value(name: str, value: Any, voice: Voice, names: dict[str, str]) -> str:
    facet = facet_of(Step)[name]
    if facet.type is FieldType.CODE:
        return voice.label(facet.vocabulary, str(value))
    if facet.type is FieldType.BOOLEAN:
        return voice.say("loop.yes" if value else "loop.no")
    if name == "units":
        return voice.say("case.and").join(names.get(unit, unit) for unit in value)
    return str(value)


def _texts(line: dict[str, Any]) -> list[str]:
    """Reason, note and excuses of a step that holds."""
    if not line["effective"]:
        return []
    excuses = [str(one.get("reason") or "") for one in line.get("excuses") or ()]
    return [str(text) for text in (line.get("reason"), line.get("note"), *excuses) if text]
