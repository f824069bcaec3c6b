"""The form of one visit: typed once in the evening, many households, findings as rows."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.entry import Entry, FormGrid
from desktop.ui.screen import make_button
from desktop.ui.visits.model import cleared
from desktop.ui.visits.rows import Findings, Households, section
from desktop.ui.widgets.choices import TermChoice, YesBox, terms
from desktop.ui.widgets.moments import MomentField
from desktop.ui.widgets.places import VillagePicker
from desktop.ui.widgets.surfaces import Card
from desktop.ui.widgets.typing import Area, Line, NamesLine
from desktop.ui.workplace import Workplace

LONG_TEXTS = ("background", "problems", "suggestions", "solved", "reflection")
SUMMARY_LINES = 3
CONTACT_MODES = ("SCREEN", "HOUSE", "STAY", "GO_DOWN", "RETURN", "TALK", "PHONE", "APPOINT", "RECEIVE")


class VisitEditor(Card):
    """Inputs of a visit."""

    def __init__(self, place: Workplace, entry: Entry, on_case: Any) -> None:
        super().__init__()
        self._place, self.entry = place, entry
        self.hide_head()
        self.body.setSpacing(8)
        self._make_facts()
        self.households = Households(place, entry)
        self.findings = Findings(place, entry, on_case)
        add_household = make_button(place, "visit.add_household", self.households.focus_spare, icon="plus", small=True)
        add_finding = make_button(place, "visit.add_finding", self.findings.focus_spare, icon="plus", small=True)
        for key, add, rows in (
            ("visit.households", add_household, self.households.widget),
            ("visit.findings", add_finding, self.findings.widget),
        ):
            self.body.addWidget(section(place, key, add))
            self.body.addWidget(rows)
        self._make_texts()

    def show_visit(self, values: dict[str, Any]) -> None:
        """Fill the form; rows grow as needed."""
        self.households.keep(len(values.get("households") or ()))
        self.findings.keep(len(values.get("findings") or ()))
        self.entry.fill(values)

    def values(self) -> dict[str, Any]:
        """The map ``record Visit`` takes: empty rows fall out."""
        values = self.entry.values()
        for name in ("households", "findings"):
            if name in values and not values[name]:
                del values[name]
        return values

    def edited_from(self, before: dict[str, Any]) -> dict[str, Any]:
        """The map after editing a recorded visit, emptied fields as None."""
        shown = frozenset(path.split(".")[0] for path in self.entry.paths())
        return cleared(before, self.values(), shown)

    def _make_facts(self) -> None:
        grid = FormGrid(self.entry)
        self.body.addLayout(grid)
        voice = self._place.voice
        village = VillagePicker("", self._place.place_finder(self.entry))
        mode = TermChoice("", voice, terms("contact_mode", *CONTACT_MODES), "SCREEN")
        grid.pair(("village", village), ("contact_mode", mode))
        grid.pair(("started_at", MomentField("")), ("ended_at", MomentField("")))
        grid.pair(("visitors", NamesLine()), ("alone_reason", Line()))
        grid.pair(("company", Line()), ("group", Line()))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        box = YesBox("", voice, "visit.unannounced")
        self.entry.add("unannounced", box)
        column.addWidget(box)
        grid.addWidget(holder, grid.rowCount(), 1, 1, 3)

    def _make_texts(self) -> None:
        self.body.addWidget(section(self._place, "visit.texts"))
        grid = FormGrid(self.entry)
        self.body.addLayout(grid)
        for name, lines in (("summary", SUMMARY_LINES), *((name, 2) for name in LONG_TEXTS)):
            area = Area()
            area.keep_lines(lines)
            area.setMaximumHeight(self._place.look.scaled(40 + 24 * lines))
            grid.across(name, area, top=True)
        box = YesBox("", self._place.voice, "visit.signature_declined")
        self.entry.add("signature_declined", box)
        grid.addWidget(box, grid.rowCount(), 1, 1, 3)
