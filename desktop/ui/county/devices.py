"""Devices that wait to be let in: who asks for which unit, since when, and the digits to compare with him."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.services.permissions import may_admit
from desktop.ui.screen import make_button
from desktop.ui.widgets.settling import put_rows
from desktop.ui.widgets.surfaces import Card, Pill, lay_out_again, make_label
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError
from sync.domain.times import to_local
from sync.protocol.county_desk import WaitingRow

Act = Callable[[WaitingRow], None]


class DevicesCard(Card):
    """One row a device; who may not let devices in sees them without buttons."""

    def __init__(self, place: Workplace, admit: Act, turn_away: Act) -> None:
        super().__init__("county.devices")
        self._place, self._acts = place, {"admit": admit, "turn_away": turn_away}

    def show_devices(self, rows: tuple[WaitingRow, ...]) -> None:
        """Those that wait now."""
        self.empty()
        say, facts = self._place.say, self._place.facts
        self.aside.setText(say("county_page.town_count", count=len(rows)) if rows else "")
        if not rows:
            self.body.addWidget(make_label(say("county_page.no_devices"), "quiet", wrap=True))
            return
        may = facts is not None and may_admit(facts.role)
        line = "county_page.devices_line" if may else "county_page.devices_not_yours"
        self.body.addWidget(make_label(say(line), "quiet", wrap=True))
        put_rows(self.body, [self._row(row, number, may) for number, row in enumerate(rows)])
        lay_out_again(self)

    def show_trouble(self, error: LiandongError) -> None:
        """Why it is not known which ones wait."""
        self.empty()
        self.aside.setText("")
        self.body.addWidget(make_label(self._place.say_error(error), "quiet", wrap=True))

    def _row(self, row: WaitingRow, number: int, may: bool) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 4, 0, 4)
        line.setSpacing(12)
        words = QVBoxLayout()
        role = self._place.voice.label("role", row.role)
        words.addWidget(make_label(" · ".join((row.unit_name, row.user, role)), "strong", wrap=True))
        words.addWidget(make_label(self._about(row), "quiet", wrap=True))
        code = QLabel(row.comparison)
        code.setObjectName(f"county.comparison_{number}")
        code.setProperty("role", "code")
        words.addWidget(code)
        line.addLayout(words, 1)
        side = QVBoxLayout()
        if row.further:
            side.addWidget(Pill(self._place.look, self._place.say("county_page.further"), "due"))
        if may:
            side.addWidget(self._button("admit", row, number, icon="check"))
            side.addWidget(self._button("turn_away", row, number, icon="x"))
        line.addLayout(side)
        return holder

    def _about(self, row: WaitingRow) -> str:
        say = self._place.say
        when = to_local(row.asked_at).strftime("%m-%d %H:%M")
        name = say("county_page.ticket_for", name=row.ticket_name) if row.ticket_name else ""
        return " · ".join(filter(None, (say("county_page.asked_at", when=when), name)))

    def _button(self, verb: str, row: WaitingRow, number: int, icon: str) -> QPushButton:
        name = f"county.{verb}_{number}"
        button = make_button(self._place, name, str, small=True, icon=icon, key=f"county_page.{verb}")
        button.setAccessibleName(f"{self._place.say(f'county_page.{verb}')} {row.unit_name} {row.user} {number + 1}")
        button.clicked.connect(partial(self._ask_once, button, verb, row))
        return button

    def _ask_once(self, button: QPushButton, verb: str, row: WaitingRow, _: bool = False) -> None:
        """The first click asks, the second does it."""
        if button.property("danger"):
            button.setEnabled(False)
            self._acts[verb](row)
            return
        button.setProperty("danger", True)
        button.setText(self._place.say(f"county_page.{verb}_sure"))
        button.style().polish(button)
