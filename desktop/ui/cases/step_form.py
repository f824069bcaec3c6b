"""The form of one step: exactly the fields the step needs and takes, then do it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.services.shapes import OfferRow, Place
from desktop.ui.entry import FormGrid
from desktop.ui.kept import KeptDialog
from desktop.ui.loop.inputs import ExcusesField, UnitsLine, YesNo
from desktop.ui.screen import make_button
from desktop.ui.widgets.choices import TermChoice, terms
from desktop.ui.widgets.completion import offer
from desktop.ui.widgets.moments import DayField, MomentField
from desktop.ui.widgets.surfaces import make_label
from desktop.ui.widgets.typing import Area, Line, NumberLine
from desktop.ui.workplace import Workplace
from sync.domain.declarations import FieldType, facet_of
from sync.domain.records import Step
from sync.domain.vocabularies import VOCABULARIES
from sync.domain.workflow_table import STEPS

HIDDEN = frozenset({"refers", "document"})
"""Asked for only where the step cannot do without."""


class StepForm(KeptDialog):
    """Asks for the fields of a step; ``on_do`` gets the map."""

    def __init__(
        self,
        place: Workplace,
        window: QWidget,
        offer: OfferRow,
        units: Sequence[Place],
        on_do: Callable[[dict[str, Any]], None],
    ) -> None:
        title = place.voice.label("step", offer.step)
        super().__init__(place, window, "case.step_form", title, "case")
        self._on_do, self._units = on_do, units
        self.setMinimumWidth(place.look.scaled(520))
        self.column.addWidget(make_label(title, "title"))
        self.column.addWidget(self.restored)
        grid = FormGrid(self.entry)
        self.column.addLayout(grid)
        for name in _fields_of(offer):
            if name == "excuses":
                grid.across(name, ExcusesField(place.voice, offer.points), top=True)
                continue
            grid.across(name, self._input(name), top=self._is_tall(name))
        self.go = make_button(place, "case.do_step", self._do, primary=True, icon="check", command="commit")
        self.add_buttons(make_button(place, "case.cancel_step", self.reject), self.go)

    def _do(self) -> None:
        self.submit()
        self._on_do(self.typed())

    @staticmethod
    def _is_tall(name: str) -> bool:
        facet = facet_of(Step).get(name)
        return facet is not None and facet.type is FieldType.LONG_TEXT

    def _input(self, name: str) -> QWidget:
        facet = facet_of(Step).get(name)
        if name == "at":
            return MomentField("")
        if name == "to_unit":
            return UnitChoice(self._units)
        if name == "units":
            return UnitsLine(self._units)
        if facet is None:
            return Line()
        if facet.type is FieldType.CODE and facet.vocabulary in VOCABULARIES:
            return TermChoice("", self.place.voice, terms(facet.vocabulary))
        simple: dict[FieldType, Callable[[], QWidget]] = {
            FieldType.LONG_TEXT: _small_area,
            FieldType.INTEGER: NumberLine,
            FieldType.DATE: lambda: DayField(""),
            FieldType.BOOLEAN: lambda: YesNo(self.place.voice),
        }
        return simple.get(facet.type, Line)()


class UnitChoice(Line):
    """A unit by name or code, with completion over the units a case can go to."""

    def __init__(self, units: Sequence[Place]) -> None:
        super().__init__()
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QCompleter

        self._codes = {unit.name: unit.code for unit in units}
        completer = QCompleter([f"{unit.name} {unit.code}" for unit in units], self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        offer(self, completer)

    def set_value(self, value: object) -> None:
        """Show a unit by its name; what is no code stays as it is."""
        super().set_value(next((name for name, code in self._codes.items() if code == value), value))

    def value(self) -> str | None:
        """The code of the unit named."""
        text = self.text().strip()
        return self._codes.get(text) or (text.split()[-1] if text else None)


def _fields_of(offer: OfferRow) -> list[str]:
    rule = STEPS.get(offer.step)
    takes = rule.takes if rule is not None else ()
    hidden = HIDDEN if offer.points else HIDDEN | {"excuses"}
    optional = (name for name in takes if name not in hidden)
    return list(dict.fromkeys((*offer.needs, *optional, "at")))


def _small_area() -> Area:
    area = Area()
    area.keep_lines(3)
    area.setMaximumHeight(110)
    return area
