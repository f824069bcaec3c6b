"""Changes held behind a gap: whose, how many, what is missing; what a lost computer left behind is let go here."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.permissions import may_admit
from desktop.ui.reasons import ReasonPicker
from desktop.ui.screen import make_button
from desktop.ui.widgets.choices import YesBox
from desktop.ui.widgets.settling import put_rows
from desktop.ui.widgets.surfaces import Card, Pill, lay_out_again, line_up, make_label
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.protocol.held_desk import HeldAnswer, HeldDevice

LetGo = Callable[[HeldDevice, str, bool], None]
"""Gets the device, the reason, and whether all of it is set apart."""
REASONS = ("broken", "stolen", "replaced")


class LetGoForm(ReasonPicker):
    """Asks for the reason before what a lost computer left behind is judged."""

    def __init__(
        self, place: Workplace, window: QWidget, row: HeldDevice, on_pick: Callable[[str, bool], None]
    ) -> None:
        self.apart = YesBox("county.let_go_apart", place.voice, "county_page.let_go_apart")
        reasons = tuple(place.say(f"county_page.lost_{name}") for name in REASONS)
        super().__init__(place, window, "let_go", reasons, self._picked, name="county", topic="county_page")
        self._on_let_go = on_pick
        about = place.say("county_page.held_of", unit=row.unit_name, user=row.user, count=row.held)
        self.column.insertWidget(1, make_label(about, "strong", wrap=True))
        self.column.insertWidget(self.column.indexOf(self.other) + 1, self.apart)
        self.focus_first()

    def _picked(self, reason: str) -> None:
        self._on_let_go(reason, self.apart.value() is True)


class HeldCard(Card):
    """One row a device; who may not let go sees them without buttons."""

    def __init__(self, place: Workplace, let_go: LetGo) -> None:
        super().__init__("county.held")
        self._place, self._let_go = place, let_go
        self.form: LetGoForm | None = None

    def show_held(self, answer: HeldAnswer) -> None:
        """What waits now."""
        self.empty()
        say, facts = self._place.say, self._place.facts
        self.aside.setText(say("county_page.town_count", count=len(answer.held)) if answer.held else "")
        if not answer.held:
            self.body.addWidget(make_label(say("county_page.nothing_held"), "quiet", wrap=True))
            return
        may = facts is not None and may_admit(facts.role)
        self.body.addWidget(make_label(say("county_page.held_line"), "quiet", wrap=True))
        put_rows(self.body, [self._row(row, number, may) for number, row in enumerate(answer.held)])
        lay_out_again(self)
        line_up(self)

    def show_trouble(self, error: LiandongError) -> None:
        """Why it is not known what is held."""
        self.empty()
        self.aside.setText("")
        self.body.addWidget(make_label(self._place.say_error(error), "quiet", wrap=True))

    def forget(self) -> None:
        """Locked: close the dialog."""
        if self.form is not None:
            self.form.reject()

    def refuse(self, error: LiandongError) -> None:
        """It was refused: the dialog stays and says why."""
        if self.form is not None:
            self.form.refuse(self._place.say_error(error))

    def close_form(self) -> None:
        """It was done."""
        if self.form is not None:
            self.form.accept()

    def _row(self, row: HeldDevice, number: int, may: bool) -> QWidget:
        say = self._place.say
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 4, 0, 4)
        line.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(make_label(f"{row.unit_name} · {row.user}", "strong", wrap=True))
        since = row.since.replace("T", " ")[:16]
        counts = say("county_page.held_counts", count=row.held, missing=row.missing, since=since)
        words.addWidget(make_label(counts, "quiet", wrap=True))
        words.addWidget(make_label(say("county_page.held_device", device=row.device), "quiet", wrap=True))
        state = "held_lost" if row.is_lost else "held_active"
        words.addWidget(make_label(say(f"county_page.{state}_line"), "" if row.is_lost else "quiet", wrap=True))
        pill = Pill(self._place.look, say(f"county_page.{state}"), "overdue" if row.is_lost else "due")
        line.addWidget(pill, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        if may and row.is_lost:
            button = make_button(
                self._place, f"county.let_go_{number}", partial(self._ask, row), small=True, key="county_page.let_go"
            )
            button.setAccessibleName(f"{say('county_page.let_go')} · {row.unit_name} {row.user} {number + 1}")
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return holder

    def _ask(self, row: HeldDevice) -> None:
        self.form = LetGoForm(self._place, self.window(), row, lambda reason, apart: self._let_go(row, reason, apart))
        self.form.finished.connect(self._gone)
        self.form.open()

    def _gone(self) -> None:
        self.form = None
