"""Pick a village or a unit by name, code or the initials of its pinyin, while typing."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QListView

from desktop.ui.widgets.completion import offer
from desktop.ui.widgets.typing import Line, half_width

VILLAGE_DIGITS = 12
SHOWN_CHOICES = 12


class PlaceLike(Protocol):
    """A village as the services find it."""

    @property
    def code(self) -> str:
        """12 digits."""
        ...

    @property
    def name(self) -> str:
        """The village's name."""
        ...

    @property
    def town(self) -> str:
        """The town's name."""
        ...


FindPlaces = Callable[[str, Callable[[Sequence[PlaceLike]], None]], None]
"""Look places up for typed text and hand them to the slot, later."""


class VillagePicker(Line):
    """``value`` is the 12-digit code; text that names no village is given on as it is, to be refused by name."""

    def __init__(self, name: str, find: FindPlaces) -> None:
        super().__init__(name)
        self._find = find
        self._choices: dict[str, str] = {}
        self._code: str | None = None
        self._model = QStringListModel(self)
        self._completer = self._make_completer()
        offer(self, self._completer)
        self.textEdited.connect(self._look_up)
        self.editingFinished.connect(self._settle)

    def value(self) -> str | None:
        """The code of the village."""
        text = half_width(self.text())
        if not text:
            return None
        return self._code or self._choices.get(self.text().strip()) or text

    def set_value(self, value: object) -> None:
        """Show the village of a code; its name is looked up."""
        self._code = str(value) if value else None
        self.setText(self._code or "")
        if self._code:
            self._find(self._code, self._show_name)

    def show_place(self, code: str, name: str) -> None:
        """Show a village whose name is known."""
        self._code = code
        self.setText(name)

    def _look_up(self, text: str) -> None:
        self._code = None
        asked = half_width(text)
        if asked and not self.composing:
            self._find(asked, self._offer)

    def _offer(self, places: Sequence[PlaceLike]) -> None:
        self._choices = {_line_of(place): place.code for place in places[:SHOWN_CHOICES]}
        self._model.setStringList(list(self._choices))
        typed = half_width(self.text())
        if len(places) == 1 and typed in (places[0].code, places[0].name) and not self.hasFocus():
            self._take(next(iter(self._choices)))
        elif self.hasFocus() and self._choices and self._code is None:
            self._completer.complete()

    def _settle(self) -> None:
        """Leaving the field takes the only choice, or the one whose code or name was typed whole."""
        if self._code is not None or not self._choices:
            return
        typed = half_width(self.text())
        exact = [line for line, code in self._choices.items() if typed in (code, line, line.split(" · ")[0])]
        chosen = exact if len(exact) == 1 else list(self._choices) if len(self._choices) == 1 else []
        if typed and chosen:
            self._take(chosen[0])

    def _take(self, line: str) -> None:
        self._code = self._choices.get(line)
        self.setText(line)

    def _show_name(self, places: Sequence[PlaceLike]) -> None:
        for place in places:
            if place.code == self._code:
                self.setText(_line_of(place))
                return

    def _make_completer(self) -> QCompleter:
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(SHOWN_CHOICES)
        completer.setPopup(QListView())
        completer.activated.connect(self._take)
        return completer


class UnitPicker(VillagePicker):
    """The same for a unit that works with the county; ``value`` is its code."""


def _line_of(place: PlaceLike) -> str:
    return " · ".join(filter(None, (place.name, place.town)))
