"""The inputs of the reception page in form order: first who manages the person, then what the walk-in says."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.entry import Entry, FormGrid
from desktop.ui.reception.model import MANAGERS
from desktop.ui.widgets.choices import TermChoice, YesBox, terms
from desktop.ui.widgets.masked import PersonalLine, PersonalNumber
from desktop.ui.widgets.moments import MomentField
from desktop.ui.widgets.places import UnitPicker, VillagePicker
from desktop.ui.widgets.segments import SegmentedChoice
from desktop.ui.widgets.surfaces import make_label, make_rule
from desktop.ui.widgets.typing import Area, LatinLine, Line, NumberLine
from desktop.ui.workplace import Workplace

MASKED = ("name", "phone", "id_number", "address", "workplace")
CONTENT_LINES = 7
LABEL_WIDTH = 84
LABEL_COLUMNS = (0, 2)
LARGE_TEXT = 150
IDENTITIES = 4


class ReceptionFields:
    """Builds the inputs; ``question`` and ``stub`` stay when the page is sealed, ``matter`` goes."""

    def __init__(self, place: Workplace, entry: Entry) -> None:
        self._place, self.entry = place, entry
        self.question, self._question_grid = self._group()
        self.matter, self._matter_grid = self._group()
        self.stub, self._stub_grid = self._group()
        self._ask_first()
        self._ask_who()
        self._ask_matter()
        self._ask_rest()
        self._ask_stub()
        place.look.changed.connect(self.fit)
        self.fit()

    def personal(self) -> list[PersonalLine]:
        """The inputs that hold who the walk-in is."""
        return [self.entry[f"complainant.{name}"] for name in MASKED]

    def _group(self) -> tuple[QWidget, FormGrid]:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        grid = FormGrid(self.entry)
        column.addLayout(grid)
        return holder, grid

    def _segments(self, vocabulary: str, *codes: str, start: str | None = None) -> SegmentedChoice:
        options = terms(vocabulary, *codes)
        return SegmentedChoice("", self._place.voice, options, start)

    def _terms(self, vocabulary: str, *codes: str, start: str | None = None) -> TermChoice:
        return TermChoice("", self._place.voice, terms(vocabulary, *codes), start)

    def _ask_first(self) -> None:
        options = tuple((code, f"reception.managed_{code.lower()}") for code in MANAGERS)
        self._managers = SegmentedChoice("", self._place.voice, options, "UNKNOWN")
        self._question_grid.across("accused.0.managed_by", self._managers)
        self._question_grid.pair(("received_at", MomentField("")), ("people", NumberLine()))

    def fit(self) -> None:
        """A large text needs two lines for long choices, and label columns no wider than their words; the groups of
        inputs stand in line with each other."""
        is_large = self._place.look.text_size >= LARGE_TEXT
        for choice, count in ((self._managers, len(MANAGERS)), (self._identities, IDENTITIES)):
            choice.break_after(count // (2 if is_large else 1))
        grids = (self._question_grid, self._matter_grid, self._stub_grid)
        for column in LABEL_COLUMNS:
            widest = max(grid.label_room(column) for grid in grids)
            width = widest if is_large else max(widest, self._place.look.scaled(LABEL_WIDTH))
            field = max(grid.field_room(column + 1) for grid in grids)
            for grid in grids:
                grid.setColumnMinimumWidth(column, width)
                grid.setColumnMinimumWidth(column + 1, field)

    def _ask_who(self) -> None:
        grid = self._matter_grid
        grid.pair(("complainant.name", PersonalLine()), ("complainant.phone", PersonalNumber()))
        kinds = tuple((code, f"reception.identity_{code.lower()}") for code in ("REAL", "ANON", "JOINT", "UNIT"))
        repeats = tuple((code, f"reception.{code.lower()}") for code in ("FIRST", "REPEAT", "FOLLOWUP"))
        self._identities = SegmentedChoice("", self._place.voice, kinds, "REAL")
        grid.pair(
            ("complainant.identity", self._identities),
            ("first_repeat", SegmentedChoice("", self._place.voice, repeats, "FIRST")),
        )
        grid.pair(("accused.0.name", Line()), ("accused.0.unit", Line()))

    def _ask_matter(self) -> None:
        grid = self._matter_grid
        grid.across("nature", self._segments("nature"))
        grid.across("title", Line())
        content = Area()
        content.keep_lines(CONTENT_LINES)
        grid.across("content", content, top=True)
        grid.across("claim", Line())
        grid.across("materials", Line())

    def _ask_rest(self) -> None:
        grid = self._matter_grid
        grid.wide(self._section("reception.rest"))
        grid.pair(("complainant.id_number", PersonalNumber()), ("complainant.sex", self._segments("sex")))
        grid.pair(("complainant.age", NumberLine()), ("complainant.ethnicity", Line()))
        grid.pair(("complainant.political_status", Line()), ("complainant.workplace", PersonalLine()))
        grid.across("complainant.address", PersonalLine())
        grid.pair(("accused.0.post", Line()), ("accused.0.level", self._terms("accused_level")))
        barred = UnitPicker("", self._place.unit_finder(self.entry))
        self._place.voice.put(barred, "reception.barred_hint", "setPlaceholderText")
        self._place.voice.put(barred, "reception.barred_explained", "setToolTip")
        grid.pair(("accused.0.unit_code", barred), ("external_number", LatinLine()))
        grid.pair(("place", Line()), ("receiver", Line()))
        grid.pair(
            ("village", VillagePicker("", self._place.place_finder(self.entry))),
            ("problem_tag", self._terms("problem_tag")),
        )
        grid.pair(("representatives", NumberLine()), ("complainant.complainant_type", self._terms("complainant_type")))
        grid.pair(("told_before", Line()), ("told_result", Line()))
        grid.pair(("agent", Line()), ("agent_authority", Line()))
        grid.pair(
            ("urgency", self._terms("urgency")),
            ("contact_mode", self._terms("contact_mode", "RECEIVE", "APPOINT", "GO_DOWN", start="RECEIVE")),
        )
        grid.pair(("discipline", self._terms("discipline")), ("went_to", Line()))
        grid.across("proposal", Line())
        grid.across("leader_note", Line())
        grid.across("remark", Line())
        grid.wide(self._boxes())

    def _ask_stub(self) -> None:
        self._stub_grid.pair(("envelope_number", Line()), ("handed_to", Line()))

    def _boxes(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        for path in ("skip_level", "accused.0.organisation", "signature_declined"):
            name = path.replace("accused.0.", "accused_")
            box = YesBox("", self._place.voice, f"reception.{name}")
            self.entry.add(path, box)
            row.addWidget(box)
        row.addStretch(1)
        return holder

    def _section(self, key: str) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 8, 0, 2)
        column.addWidget(make_rule())
        heading = make_label(role="heading")
        self._place.voice.put(heading, key)
        column.addWidget(heading)
        return holder
