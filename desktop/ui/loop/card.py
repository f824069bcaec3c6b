"""The card of a case that holds its records and letters: what is there, and buttons for more."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QGridLayout, QMenu, QPushButton, QWidget

from desktop.services.shapes import Row
from desktop.ui.loop.desk import LETTERS, PRINTED, RECORDS, LoopDesk
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import Card, clear_layout
from desktop.ui.workplace import Workplace
from sync.domain.times import local_text

A_ROW = 2


class LoopCard(Card):
    """``case`` is asked for at each click; nothing of a case stays here. ``on_correct`` gets kind and id."""

    def __init__(
        self,
        place: Workplace,
        desk: LoopDesk,
        case: Callable[[], str | None],
        on_correct: Callable[[str, str], None],
    ) -> None:
        super().__init__("case.papers")
        self._place, self._desk, self._case, self._on_correct = place, desk, case, on_correct
        place.voice.put(self.heading, "loop.papers")
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setColumnStretch(A_ROW, 1)
        buttons = [self._new_button(kind) for kind in RECORDS]
        buttons.append(
            make_button(place, "case.letter", self._choose_letter, key="loop.choose_letter", icon="file-text")
        )
        for index, button in enumerate(buttons):
            self._grid.addWidget(button, *divmod(index, A_ROW))
        self.letter_button = buttons[-1]
        self._list = QWidget()
        self._lines = QGridLayout(self._list)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setHorizontalSpacing(12)
        self._lines.setColumnStretch(A_ROW, 1)
        self.body.addWidget(self._list)
        self.body.addWidget(holder)

    def show_rows(self, rows: Sequence[Row], changeable: frozenset[str]) -> None:
        """The records of a case, each a button that prints it; beside those of ``changeable`` one that corrects."""
        clear_layout(self._lines)
        for index, row in enumerate(rows):
            self._lines.addWidget(self._row_button(row), index, 0)
            if row.id in changeable:
                self._lines.addWidget(self._correct_button(row), index, 1)
        self._list.setVisible(bool(rows))

    def _new_button(self, kind: str) -> QPushButton:
        def record() -> None:
            case = self._case()
            if case is not None:
                self._desk.record(kind, {"case": case})

        key = f"loop.new_{kind.lower()}"
        return make_button(self._place, f"case.new_{kind.lower()}", record, key=key, icon="plus")

    def _row_button(self, row: Row) -> QPushButton:
        button = QPushButton(self._line(row))
        button.setObjectName(f"case.print_{row.kind.lower()}_{row.id[-8:]}")
        button.setProperty("line", True)
        button.setAutoDefault(False)
        argument = {"form": PRINTED[row.kind], "id": row.id, "back": "case"}
        button.clicked.connect(lambda _=False: self._place.go.emit("preview", argument))
        return button

    def _line(self, row: Row) -> str:
        moment = local_text(row.received_at or row.created_at)[:16].replace("T", " ")
        return " · ".join(part for part in (self._named(row.kind), moment, row.number or "") if part)

    def _correct_button(self, row: Row) -> QPushButton:
        name = f"case.correct_{row.kind.lower()}_{row.id[-8:]}"
        button = make_button(
            self._place,
            name,
            lambda: self._on_correct(row.kind, row.id),
            small=True,
            icon="pencil",
            key="case.correct",
        )
        button.setAccessibleName(f"{self._place.say('case.correct')} · {self._line(row)}")
        return button

    def _named(self, kind: str) -> str:
        return self._place.say(f"loop.new_{kind.lower()}")

    def _choose_letter(self) -> None:
        case = self._case()
        if case is None:
            return
        menu = QMenu(self)
        for form in LETTERS:
            action = menu.addAction(self._place.say(f"preview.form_{form}"))
            action.triggered.connect(lambda _=False, form=form: self._desk.write(form, case))
        menu.popup(self.letter_button.mapToGlobal(self.letter_button.rect().bottomLeft()))
