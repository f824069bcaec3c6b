"""The fields of a form by their JSON names: collect what was typed as the map that ``record`` takes, and show one.

A path is ``complainant.name`` or ``findings.0.text``; the object is named ``screen.complainant_name`` (list indexes
stay: ``visit.findings_0_text``; the index of the one accused is left out: ``reception.accused_name``).
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFormLayout, QGridLayout, QLabel, QWidget

from desktop.ui.screen import accessible_name
from desktop.ui.widgets.moments import MomentField
from desktop.ui.widgets.segments import SegmentedChoice
from desktop.ui.widgets.surfaces import bring_in_sight, make_label, restyle
from desktop.ui.workplace import Workplace


class Field(Protocol):
    """An input: what it holds as a JSON value, and a signal at each change."""

    edited: Any

    def value(self) -> Any:
        """A JSON value, None when empty."""
        ...

    def set_value(self, value: object) -> None:
        """Show a value; None empties it."""
        ...


def object_name(screen: str, path: str) -> str:
    """The name of the input of a path."""
    return f"{screen}.{path.replace('accused.0.', 'accused_').replace('.', '_')}"


class Entry(QObject):
    """All inputs of one form."""

    edited = Signal()

    def __init__(self, place: Workplace, screen: str) -> None:
        super().__init__()
        self._place, self._screen = place, screen
        self._fields: dict[str, Field] = {}
        self._labels: dict[str, QLabel] = {}

    def add(self, path: str, field: QWidget, label_key: str = "") -> QLabel:
        """Take an input under its path; names it for screen readers and returns its label (not yet placed)."""
        name = object_name(self._screen, path)
        field.setObjectName(name)
        key = label_key or name
        typed = cast(Field, field)
        self._fields[path] = typed
        typed.edited.connect(lambda: self._on_edited(path))
        label = make_label(role="label")
        voice = self._place.voice
        voice.put(label, key)
        setter = "describe" if isinstance(field, SegmentedChoice) else "setAccessibleName"
        index = _index_of(path)
        voice.follow(field, lambda: accessible_name(self._place, name, key) + index, setter)
        if isinstance(field, MomentField):
            voice.put(field, field.example, "setPlaceholderText")
        self._labels[path] = label
        return label

    def remove(self, prefix: str) -> None:
        """Forget the inputs under a prefix (a removed row)."""
        for path in [path for path in self._fields if path.startswith(prefix)]:
            del self._fields[path], self._labels[path]

    def __getitem__(self, path: str) -> Any:
        return self._fields[path]

    def __contains__(self, path: str) -> bool:
        return path in self._fields

    def paths(self) -> Iterator[str]:
        """All paths in form order."""
        return iter(tuple(self._fields))

    def label(self, path: str) -> QLabel:
        """The label of an input."""
        return self._labels[path]

    def values(self) -> dict[str, Any]:
        """The nested map of what is filled in; lists keep their order, empty items fall out."""
        nested: dict[str, Any] = {}
        for path, field in self._fields.items():
            value = field.value()
            if value is not None:
                _put(nested, path.split("."), value)
        return {name: _without_holes(value) for name, value in nested.items()}

    def fill(self, values: dict[str, Any]) -> None:
        """Show a nested map; what it lacks is emptied."""
        for path, field in self._fields.items():
            field.set_value(_get(values, path.split(".")))

    def mark_wrong(self, path: str) -> bool:
        """Mark the input a refusal names and go there; True when there is one."""
        field = self._fields.get(path) or self._fields.get(path.replace("accused.", "accused.0."))
        if not isinstance(field, QWidget):
            return False
        restyle(field, "wrong", True)
        field.setFocus()
        bring_in_sight(field)
        return True

    def clear_marks(self) -> None:
        """No input is marked any more."""
        for field in self._fields.values():
            if isinstance(field, QWidget) and field.property("wrong"):
                restyle(field, "wrong", False)

    def _on_edited(self, path: str) -> None:
        field = self._fields.get(path)
        if isinstance(field, QWidget) and field.property("wrong"):
            restyle(field, "wrong", False)
        self.edited.emit()


class FormGrid(QGridLayout):
    """Labels at the right edge of their columns, two fields a row or one across."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry
        self._row = 0
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(10)
        self.setColumnStretch(1, 1)
        self.setColumnStretch(3, 1)

    def label_room(self, column: int) -> int:
        """Pixels that the widest label of a column takes."""
        items = (self.itemAtPosition(row, column) for row in range(self.rowCount()))
        labels = [item.widget() for item in items if item is not None]
        return max((one.sizeHint().width() for one in labels if isinstance(one, QLabel)), default=0)

    def field_room(self, column: int) -> int:
        """Pixels that the widest input of a column needs; what goes across several columns is not asked."""
        items = (self.itemAtPosition(row, column) for row in range(self.rowCount()))
        last = (self.itemAtPosition(row, 3) for row in range(self.rowCount()))
        needed = [one.minimumSize().width() for one, other in zip(items, last, strict=True) if one and one is not other]
        return max(needed, default=0)

    def pair(self, left: tuple[str, QWidget], right: tuple[str, QWidget] | None = None) -> None:
        """One or two inputs in a row: (path, input)."""
        self._cell(0, *left)
        if right is not None:
            self._cell(2, *right)
        self._row += 1

    def across(self, path: str, field: QWidget, *, top: bool = False, key: str = "") -> None:
        """One input over the whole width; ``key`` of its label where that is not its name."""
        label = self._entry.add(path, field, key)
        alignment = FormGrid.label_alignment(top=top)
        self.addWidget(label, self._row, 0, alignment)
        self.addWidget(field, self._row, 1, 1, 3)
        self._row += 1

    def wide(self, widget: QWidget) -> None:
        """Something without a label over the whole width."""
        self.addWidget(widget, self._row, 0, 1, 4)
        self._row += 1

    def _cell(self, column: int, path: str, field: QWidget) -> None:
        label = self._entry.add(path, field)
        self.addWidget(label, self._row, column, self.label_alignment())
        self.addWidget(field, self._row, column + 1)

    @staticmethod
    def label_alignment(*, top: bool = False) -> Any:
        """Right edge; at the first line of a tall field."""
        from PySide6.QtCore import Qt

        vertical = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignVCenter
        return Qt.AlignmentFlag.AlignRight | vertical


def stacked_form() -> QFormLayout:
    """A narrow form: label above field."""
    form = QFormLayout()
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
    form.setVerticalSpacing(6)
    return form


Reader = Callable[[], dict[str, Any]]


def _index_of(path: str) -> str:
    numbers = [part for part in path.split(".") if part.isdigit()]
    return f" {int(numbers[0]) + 1}" if numbers and not path.startswith("accused.") else ""


def _put(nested: Any, parts: list[str], value: object) -> None:
    head, *rest = parts
    if not rest:
        nested[head] = value
        return
    child = nested.setdefault(head, {})
    _put(child, rest, value)


def _without_holes(value: Any) -> Any:
    """Maps whose keys are indexes become lists."""
    if isinstance(value, dict) and value and all(key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


def _get(values: Any, parts: list[str]) -> Any:
    for part in parts:
        if isinstance(values, list):
            index = int(part)
            values = values[index] if index < len(values) else None
        elif isinstance(values, dict):
            values = values.get(part)
        else:
            return None
    return values
