"""What needs a person, row by row: conflicts with both values, changes set apart, values that were given up."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.problem_shapes import ApartRow, ConflictRow, Problems, ToldRow
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import Card, Pill, line_up, make_label, make_rule
from desktop.ui.workplace import Workplace
from sync.domain.declarations import facet_of
from sync.domain.records import KINDS
from sync.domain.times import to_local
from sync.domain.vocabularies import VOCABULARIES
from sync.shipped.kind_names import kind_name

MOST_SHOWN = 30


class ProblemsCard(Card):
    """Rows of problems; a button opens the record that each is about."""

    def __init__(self, place: Workplace, settle: Callable[[ConflictRow, str], None]) -> None:
        super().__init__("exchange.problems")
        self._place, self._settle = place, settle
        place.voice.put(self.heading, "exchange_screen.problems")

    def show_problems(self, problems: Problems, held: int) -> None:
        """Write every row."""
        self.empty()
        rows = len(problems.conflicts) + len(problems.apart) + len(problems.told) + held
        self.aside.setText(self._place.say("today.count", count=rows) if rows else "")
        if not rows:
            self.body.addWidget(make_label(self._place.say("exchange_screen.no_problems"), "quiet", wrap=True))
        if held:
            self._add("held", "due", self._place.say("exchange_screen.held", count=held), "")
        for conflict in problems.conflicts[:MOST_SHOWN]:
            self._add_conflict(conflict)
        for apart in problems.apart[:MOST_SHOWN]:
            self._add_apart(apart)
        for told in problems.told[:MOST_SHOWN]:
            self._add_told(told)
        left = rows - held - sum(min(len(part), MOST_SHOWN) for part in self._parts(problems))
        line_up(self)
        if left > 0:
            self.body.addWidget(make_label(self._place.say("exchange_screen.more_problems", count=left), "quiet"))

    @staticmethod
    def _parts(problems: Problems) -> tuple[tuple[Any, ...], ...]:
        return problems.conflicts, problems.apart, problems.told

    def _add_conflict(self, row: ConflictRow) -> None:
        say = self._place.say
        field = self._field_name(row.target_kind, row.field)
        what = say("exchange_screen.conflict_about", kind=self._kind(row.target_kind), field=field)
        about = " · ".join(filter(None, (row.title, row.number, row.unit_name)))
        self._add("conflict", "overdue", what, about, self._opener(row.target_kind, row.target, row.dossier))
        for key, value, author in (
            ("standing", row.standing, row.standing_author),
            ("other", row.other, row.other_author),
        ):
            shown = self._value(row.target_kind, row.field, value)
            line = say(f"exchange_screen.{key}_value", value=shown, author=author or say("exchange_screen.unknown"))
            self.body.addWidget(make_label(line, wrap=True))
            if not row.reason_key:
                self._add_take(row, key, shown)

    def _add_take(self, row: ConflictRow, way: str, shown: str) -> None:
        """The button under a value, for those who may settle."""
        index = self.body.count()
        button = make_button(
            self._place, f"exchange.take_{way}_{index}", lambda: self._settle(row, way), small=True, key="waiting.take"
        )
        button.setAccessibleName(f"{self._place.say('waiting.take')} {index} {shown}")
        self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_apart(self, row: ApartRow) -> None:
        kinds = self._place.say("case.and").join(dict.fromkeys(map(self._kind, row.kinds)))
        what = self._place.say("exchange_screen.apart_about", kinds=kinds or "—")
        moment = to_local(row.created_at).strftime("%Y-%m-%d %H:%M")
        self._add("apart", "overdue", what, " · ".join(filter(None, (row.unit_name, row.author, moment))))
        if self._place.voice.knows(row.reason):
            self.body.addWidget(make_label(self._place.say(row.reason), wrap=True))

    def _add_told(self, row: ToldRow) -> None:
        say = self._place.say
        field = self._field_name(row.target_kind, row.field)
        what = say("exchange_screen.told_about", kind=self._kind(row.target_kind), field=field)
        self._add("told", "plain", what, row.title)
        kept, lost = (self._value(row.target_kind, row.field, value) for value in (row.kept, row.given_up))
        line = say("exchange_screen.told_values", kept=kept, given_up=lost, author=row.settled_by)
        self.body.addWidget(make_label(line, wrap=True))

    def _add(self, name: str, kind: str, what: str, about: str, on_open: Callable[[], None] | None = None) -> None:
        index = self.body.count()
        if index:
            self.body.addWidget(make_rule())
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 5, 0, 2)
        row.setSpacing(12)
        row.addWidget(Pill(self._place.look, self._place.say(f"exchange_screen.pill_{name}"), kind))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(make_label(what, "strong", wrap=True))
        if about:
            words.addWidget(make_label(about, "quiet", wrap=True))
        words.addWidget(make_label(self._place.say(f"exchange_screen.{name}_todo"), "quiet", wrap=True))
        row.addLayout(words, 1)
        if on_open is not None:
            row.addWidget(self._open_button(index, what, on_open))
        self.body.addWidget(holder)

    def _open_button(self, index: int, what: str, on_open: Callable[[], None]) -> QWidget:
        button = make_button(self._place, f"exchange.open_problem_{index}", on_open, small=True, key="today.open_case")
        button.setAccessibleName(f"{self._place.say('today.open_case')} {index} {what}")
        return button

    def _opener(self, kind: str, target: str, dossier: str) -> Callable[[], None]:
        if kind in ("Visit", "Finding"):
            return lambda: self._place.go.emit("visit", {"visit": dossier})
        return lambda: self._place.go.emit("case", target if kind == "Case" else dossier)

    def _kind(self, kind: str) -> str:
        return kind_name(kind, self._place.voice.language)

    def _field_name(self, kind: str, field: str) -> str:
        """What the screens call a field; a word for "a value" where no screen shows it."""
        for topic in ("case", "reception", "visit"):
            if self._place.voice.knows(f"{topic}.{field}"):
                return self._place.say(f"{topic}.{field}")
        if kind == "Finding" and self._place.voice.knows(f"visit.findings_{field}"):
            return self._place.say(f"visit.findings_{field}")
        return self._place.say("exchange_screen.some_field")

    def _value(self, kind: str, field: str, value: Any) -> str:
        """A value as people read it: codes by their labels, moments without the T, ciphertext as dots."""
        if value is None or isinstance(value, dict):
            return self._place.say("exchange_screen.empty_value" if value is None else "exchange_screen.hidden_value")
        declared = KINDS.get(kind)
        record: Any = declared.record if declared is not None else None
        facet = facet_of(record).get(field) if record is not None else None
        if facet is not None and facet.vocabulary in VOCABULARIES:
            return self._place.voice.label(facet.vocabulary, str(value))
        if isinstance(value, list):
            return self._place.say("ui.and").join(str(one) for one in value)
        return str(value).replace("T", " ") if field.endswith("_at") else str(value)
