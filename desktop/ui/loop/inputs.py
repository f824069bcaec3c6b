"""An input for each type of a template's field."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.shapes import Place, TemplateField
from desktop.ui.voice import Voice
from desktop.ui.widgets.choices import TermChoice, terms
from desktop.ui.widgets.moments import DayField, MomentField
from desktop.ui.widgets.surfaces import make_label
from desktop.ui.widgets.typing import Area, Line, NamesLine, NumberLine

YES, NO = "yes", "no"
AREA_LINES = 2


class YesNo(TermChoice):
    """Yes, no, or not said; ``value`` is a bool or None."""

    def __init__(self, voice: Voice) -> None:
        super().__init__("", voice, ((YES, "loop.yes"), (NO, "loop.no")))

    def value(self) -> bool | None:  # type: ignore[override]
        """What was said."""
        chosen = super().value()
        return None if chosen is None else chosen == YES

    def set_value(self, value: object) -> None:
        """Show what was said."""
        super().set_value({True: YES, False: NO}.get(value) if isinstance(value, bool) else value)


class TermBoxes(QWidget):
    """Several terms of a vocabulary, a box each; ``value`` is the list of codes."""

    edited = Signal()

    def __init__(self, voice: Voice, vocabulary: str, codes: Sequence[str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._boxes: dict[str, QCheckBox] = {}
        for code in codes:
            box = self._boxes[code] = QCheckBox()
            voice.follow(box, partial(voice.label, vocabulary, code))
            box.toggled.connect(lambda _: self.edited.emit())
            row.addWidget(box)
        row.addStretch(1)

    def value(self) -> list[str] | None:
        """Codes of the ticked boxes in their order."""
        return [code for code, box in self._boxes.items() if box.isChecked()] or None

    def set_value(self, value: object) -> None:
        """Tick these."""
        chosen = value if isinstance(value, list | tuple) else ()
        for code, box in self._boxes.items():
            box.setChecked(code in chosen)


class LinesArea(Area):
    """A list of texts, one a line."""

    def value(self) -> list[str] | None:  # type: ignore[override]
        """The lines with something on them."""
        return [line.strip() for line in self.toPlainText().splitlines() if line.strip()] or None

    def set_value(self, value: object) -> None:
        """Show a list."""
        lines = value if isinstance(value, list | tuple) else ()
        super().set_value("\n".join(map(str, lines)))


class UnitsLine(NamesLine):
    """Several units by name or code."""

    def __init__(self, units: Sequence[Place]) -> None:
        super().__init__()
        self._codes = {unit.name: unit.code for unit in units}

    def value(self) -> list[str] | None:  # type: ignore[override]
        """Their codes; a name nobody bears stays as it is, to be refused."""
        named = super().value()
        return None if named is None else [self._codes.get(one, one) for one in named]

    def set_value(self, value: object) -> None:
        """Show units by their names; what is no code stays as it is."""
        names = {code: name for name, code in self._codes.items()}
        given = value if isinstance(value, list | tuple) else ()
        super().set_value([names.get(str(one), one) for one in given])


class ExcusesField(QWidget):
    """A line for the reason of each point that was not done."""

    edited = Signal()

    def __init__(self, voice: Voice, points: Sequence[str]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._lines: dict[str, Line] = {}
        for point in points:
            line = self._lines[point] = Line(f"case.excuse_{point}")
            said = make_label(role="quiet")
            voice.follow(said, partial(voice.label, "closing_point", point))
            voice.follow(line, partial(voice.label, "closing_point", point), "setAccessibleName")
            line.edited.connect(self.edited)
            column.addWidget(said)
            column.addWidget(line)
        if self._lines:
            self.setFocusProxy(next(iter(self._lines.values())))

    def value(self) -> list[dict[str, str]] | None:
        """Point and reason of every line that was filled in."""
        filled = ((point, line.value()) for point, line in self._lines.items())
        return [{"point": point, "reason": reason} for point, reason in filled if reason] or None

    def set_value(self, value: object) -> None:
        """Show excuses."""
        given = value if isinstance(value, list) else []
        reasons = {one["point"]: one["reason"] for one in given}
        for point, line in self._lines.items():
            line.set_value(reasons.get(point))


def make_input(voice: Voice, field: TemplateField) -> QWidget:
    """The input of a field, not yet named."""
    if field.type == "code":
        return TermChoice("", voice, terms(field.vocabulary))
    if field.type == "texts" and field.vocabulary:
        return TermBoxes(voice, field.vocabulary, field.codes)
    simple: dict[str, Callable[[], QWidget]] = {
        "long_text": _area,
        "date": lambda: DayField(""),
        "instant": lambda: MomentField(""),
        "integer": NumberLine,
        "boolean": lambda: YesNo(voice),
        "texts": _lines if field.name in ("opinions", "attachments") else NamesLine,
    }
    return simple.get(field.type, Line)()


def is_tall(field: TemplateField) -> bool:
    """Whether the input has several lines."""
    return field.type == "long_text" or (field.type == "texts" and field.name in ("opinions", "attachments"))


def _area() -> Area:
    area = Area()
    area.keep_lines(AREA_LINES)
    area.setMaximumHeight(110)
    return area


def _lines() -> LinesArea:
    area = LinesArea()
    area.keep_lines(AREA_LINES)
    area.setMaximumHeight(110)
    return area
