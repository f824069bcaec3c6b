"""The persons of a case among its facts: who complained, masked until opened, and whom it is about; each corrected."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.ui.cases.actions import CaseView
from desktop.ui.cases.model import accused_line
from desktop.ui.correcting.subject import ACCUSED, COMPLAINANT, NEW, Subject
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import make_label
from desktop.ui.workplace import Workplace

IDENTITY_FIELDS = ("name", "sex", "age", "phone", "id_number", "address", "workplace", "ethnicity", "political_status")
WORDS, OPEN, CORRECT = 1, 2, 3


class PeopleRows(QWidget):
    """A row a person; ``on_open`` opens the identity, ``on_correct`` gets whom to correct."""

    def __init__(
        self, place: Workplace, view: CaseView, on_open: Callable[[], None], on_correct: Callable[[Subject], None]
    ) -> None:
        super().__init__()
        self._place, self._view, self._on_open, self._on_correct = place, view, on_open, on_correct
        self._case = str(view.shown["id"])
        self._may_add = view.own and not view.shown.get("voided")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(WORDS, 1)
        self.identity = make_label(wrap=True)
        self._put_complainant()
        self._put_accused()

    def show_identity(self, complainant: dict[str, Any]) -> None:
        """Who complained, opened."""
        parts = [self._part(name, complainant[name]) for name in IDENTITY_FIELDS if complainant.get(name)]
        self.identity.setText("\n".join(parts) or self._place.say("case.nobody"))

    def _part(self, name: str, value: Any) -> str:
        text = self._place.voice.label("sex", value) if name == "sex" else str(value)
        return self._place.say("case.named_value", name=self._place.say(f"reception.complainant_{name}"), value=text)

    def _put_complainant(self) -> None:
        complainant = self._view.shown.get("complainant")
        label = self._place.voice.label("identity", (complainant or {}).get("identity"))
        key = "case.nobody" if complainant is None else "case.masked"
        self.identity.setText(self._place.say(key, identity=label))
        self._grid.addWidget(make_label(self._place.say("case.complainant"), "label"), 0, 0)
        self._grid.addWidget(self.identity, 0, WORDS)
        if complainant is not None:
            button = make_button(
                self._place, "case.open_identity", self._on_open, small=True, icon="eye", command="identity"
            )
            self._grid.addWidget(button, 0, OPEN)
        if self._may_add and self._view.reads_identity:
            key = "correcting.add_complainant" if complainant is None else "case.correct"
            self._put_button(0, Subject(COMPLAINANT, NEW, self._case), "correct_complainant", key)

    def _put_accused(self) -> None:
        people = self._view.shown.get("accused") or []
        for row, person in enumerate(people, 1):
            words = make_label(accused_line({"accused": [person]}) or "—", wrap=True)
            self._put_person(row, words)
            if person["id"] in self._view.changeable and not self._view.shown.get("voided"):
                subject = Subject(ACCUSED, person["id"], self._case)
                self._put_button(row, subject, f"correct_accused_{row}", "case.correct")
        if not people:
            self._put_person(1, make_label("—"))
        if self._may_add:
            row = len(people) + 1 if people else 1
            self._put_button(row, Subject(ACCUSED, NEW, self._case), "add_accused", "correcting.add_accused")

    def _put_person(self, row: int, words: QWidget) -> None:
        if row == 1:
            self._grid.addWidget(make_label(self._place.say("case.accused"), "label"), row, 0)
        self._grid.addWidget(words, row, WORDS)

    def _put_button(self, row: int, subject: Subject, name: str, key: str) -> None:
        button = make_button(
            self._place, f"case.{name}", lambda: self._on_correct(subject), small=True, icon="pencil", key=key
        )
        if subject.is_new and subject.kind == ACCUSED:
            self._grid.addWidget(button, row, OPEN, 1, 2)
        else:
            self._grid.addWidget(button, row, CORRECT)
        of_whom = self._place.say("case.complainant" if subject.kind == COMPLAINANT else "case.accused")
        button.setAccessibleName(f"{self._place.say(key)} · {of_whom} {row if row else ''}".strip())
