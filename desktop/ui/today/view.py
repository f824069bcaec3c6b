"""Today: what is due and overdue, villages that wait, what was not finished, how one stands with the county."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.shapes import Draft, DueRow, ExchangeState, ReminderRow, TodayView, VillageRow
from desktop.ui.cases.model import days_key, light_of, rule_name
from desktop.ui.screen import Commands, Responsive, Screen
from desktop.ui.today.model import draft_title, shown_day, weekday_key
from desktop.ui.widgets.surfaces import Card, EmptyState, Pill, line_up, make_label, make_rule
from desktop.ui.workplace import Workplace
from sync.domain.errors import LiandongError

MOST_VILLAGES = 6
MOST_DUE = 8
NARROW = 900


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a card."""

    title: str
    quiet: str = ""
    pill: Pill | None = None
    verb: str = ""
    on_open: Callable[[], None] | None = None
    on_note: Callable[[], None] | None = None


class TodayScreen(Screen):
    """The first page after signing in."""

    name = "today"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._day = make_label(role="quiet")
        self.top.addWidget(self._day)
        self.top.addStretch(1)
        new = self.button("new_reception", self._new_reception, primary=True, icon="plus", command="new_reception")
        self.top.addWidget(new)
        self.top.addWidget(self.button("new_visit", self._new_visit, icon="footprints", command="new_visit"))
        self._make_cards()
        place.tasks.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Read the day anew."""
        if self.place.tasks.is_open:
            days = self.place.settings.visit_interval_days
            self.place.tasks.read(lambda office: office.today(days), self.show_day, owner=self, key="today")

    def forget(self) -> None:
        """Locked."""
        for card in self._cards:
            card.empty()

    def commands(self) -> Commands:
        """Keys of this page."""
        return {"refresh": self.refresh}

    def show_day(self, view: TodayView) -> None:
        """Write every card."""
        weekday = self.place.say(weekday_key(view.day))
        self._day.setText(self.place.say("today.day_line", day=view.day.isoformat(), weekday=weekday))
        self._show_reminders(view.reminders)
        self._show_due(self.due, (*view.overdue, *view.due_today), view.day, "today.nothing_due", "calendar")
        self._show_due(self.soon, view.due_soon, view.day, "today.nothing_soon", "")
        self._show_exchange(view.exchange)
        self._show_villages(view.villages, view.villages_waiting, view.day)
        self._show_drafts(view.drafts)
        for card in (self.reminders, self.due, self.soon, self.exchange):
            line_up(card)

    def _show_due(self, card: Card, rows: Sequence[DueRow], today: date, empty_key: str, icon: str) -> None:
        card.empty()
        card.aside.setText(self.place.say("today.count", count=len(rows)))
        if not rows:
            self._say_empty(card, empty_key, icon)
        for row in rows[:MOST_DUE]:
            key, days = days_key(row.due, today)
            pill = Pill(self.place.look, self.place.say(key, days=days), light_of(row.due, today))
            title = row.title or self.place.say("cases.no_title")
            duty = rule_name(row.rule, self.place.voice.language)
            quiet = " · ".join(filter(None, (duty, row.number)))
            self._add_line(card, _Line(title, quiet, pill, "open_case", _opener(self.place, "case", row.case)))

    def _show_reminders(self, rows: Sequence[ReminderRow]) -> None:
        """New numbers to note and reports that are due; nothing of the card where there are none."""
        card = self.reminders
        card.empty()
        card.setVisible(bool(rows))
        for row in rows[:MOST_DUE]:
            title = row.title or self.place.say("cases.no_title")
            if row.code == "hand_on":
                title = self.place.say("today.hand_on_line", envelope=row.title or "—")
            renumbered = row.code == "renumbered"
            pill = Pill(self.place.look, self.place.say(f"today.{row.code}"), "due")
            if renumbered:
                quiet = self.place.say("today.renumbered_line", former=row.former, number=row.number or "—")
            else:
                until = self.place.say(f"today.{row.code}_by", until=row.until) if row.until else ""
                quiet = " · ".join(filter(None, (row.number, until)))
            note = partial(self._note, row.id) if renumbered else None
            self._add_line(card, _Line(title, quiet, pill, "open_case", self._record_opener(row), note))

    def _record_opener(self, row: ReminderRow) -> Callable[[], None] | None:
        """Opens the page of a case or visit; other records have none of their own."""
        if row.kind == "Visit":
            return _opener(self.place, "visit", {"visit": row.record})
        return _opener(self.place, "case", row.record) if row.kind == "Case" else None

    def _note(self, reminder: str) -> None:
        self.place.tasks.write(
            lambda office: office.note_reminder(reminder), lambda _: self.refresh(), self._refused, owner=self,
            kinds=("AccountEntry",),
        )  # fmt: skip

    def _refused(self, error: LiandongError) -> None:
        self.place.toast.emit(self.place.say_error(error))

    def _show_exchange(self, state: ExchangeState) -> None:
        card, look = self.exchange, self.place.look
        card.empty()
        agreed = {True: ("today.agreed", "good"), False: ("today.differs", "overdue"), None: ("today.never", "plain")}
        key, kind = agreed[state.agreed]
        when = shown_day(state.last_at) if state.last_at else self.place.say("today.no_exchange")
        self._add_line(card, _Line(when, pill=Pill(look, self.place.say(key), kind)))
        words = self.place.say("today.unsent", count=state.unsent)
        unsent = Pill(look, words, "due" if state.unsent else "good", "arrow-up" if state.unsent else "check")
        text = self.place.say("today.unsent_line" if state.unsent else "today.all_sent")
        self._add_line(card, _Line(text, "", unsent, "open_exchange", _opener(self.place, "exchange", None)))
        problems = state.conflicts + state.quarantined + state.held + state.told
        if problems:
            pill = Pill(look, self.place.say("today.problems", count=problems), "overdue")
            opener = _opener(self.place, "exchange", None)
            self._add_line(card, _Line(self.place.say("today.problems_line"), "", pill, "open_exchange", opener))

    def _show_villages(self, rows: Sequence[VillageRow], waiting: int, today: date) -> None:
        card = self.villages
        card.empty()
        card.aside.setText(self.place.say("today.waiting", count=waiting))
        if not rows:
            self._say_empty(card, "today.all_visited", "")
        for row in rows[:MOST_VILLAGES]:
            self._add_village(card, row, today)

    def _add_village(self, card: Card, row: VillageRow, today: date) -> None:
        if card.body.count():
            card.body.addWidget(make_rule())
        never = row.last_visit is None
        days = 0 if row.last_visit is None else (today - row.last_visit).days
        text = self.place.say("today.never_visited") if never else self.place.say("today.days", days=days)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 3, 0, 3)
        line.setSpacing(12)
        line.addWidget(make_label(row.place.name), 1)
        line.addWidget(make_label(text, "red" if never else "amber"))
        opener = _opener(self.place, "visit", {"village": row.place.code})
        line.addWidget(self._line_button(card, _Line(row.place.name, verb="visit_village"), opener))
        card.body.addWidget(holder)

    def _show_drafts(self, drafts: Sequence[Draft]) -> None:
        card = self.drafts
        card.empty()
        card.aside.setText(self.place.say("today.count", count=len(drafts)) if drafts else "")
        if not drafts:
            self._say_empty(card, "today.no_drafts", "")
        for draft in drafts:
            title = draft_title(self.place.voice, draft)
            saved = self.place.say("today.saved_at", time=shown_day(draft.saved_at))
            opener = _opener(self.place, draft.screen, {"draft": draft.key})
            self._add_line(card, _Line(title, saved, None, "resume", opener))

    def _add_line(self, card: Card, line: _Line) -> None:
        if card.body.count():
            card.body.addWidget(make_rule())
        holder = QFrame()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(12)
        if line.pill is not None:
            row.addWidget(line.pill)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(make_label(line.title, "strong" if line.quiet else "", wrap=True))
        if line.quiet:
            words.addWidget(make_label(line.quiet, "quiet", wrap=True))
        row.addLayout(words, 1)
        if line.on_note is not None:
            row.addWidget(self._line_button(card, replace(line, verb="noted"), line.on_note))
        if line.on_open is not None:
            row.addWidget(self._line_button(card, line, line.on_open))
        card.body.addWidget(holder)

    def _line_button(self, card: Card, line: _Line, on_open: Callable[[], None]) -> QWidget:
        section, index = card.objectName().removeprefix("today."), card.body.count()
        button = self.button(f"{section}_{line.verb}_{index}", on_open, small=True, key=f"today.{line.verb}")
        button.setAccessibleName(f"{self.place.say(f'today.{line.verb}')} {section} {index} {line.title}")
        return button

    def _say_empty(self, card: Card, key: str, icon: str) -> None:
        if not icon:
            card.body.addWidget(make_label(self.place.say(key), "quiet", wrap=True))
            return
        empty = EmptyState(self.place.look, icon)
        empty.words.setText(self.place.say(key))
        card.body.addWidget(empty)

    def _new_reception(self) -> None:
        self.place.go.emit("reception", "new")

    def _new_visit(self) -> None:
        self.place.go.emit("visit", "new")

    def _on_changed(self, _: frozenset[str]) -> None:
        if self.isVisible():
            self.refresh()

    def _make_cards(self) -> None:
        column = self.add_scroll()
        columns = QHBoxLayout()
        columns.setSpacing(18)
        left, right = QVBoxLayout(), QVBoxLayout()
        self.reminders, self.due, self.soon = Card("today.reminders"), Card("today.due"), Card("today.soon")
        self.exchange, self.villages, self.drafts = Card("today.county"), Card("today.villages"), Card("today.drafts")
        self._cards = (self.reminders, self.due, self.soon, self.exchange, self.villages, self.drafts)
        for side, cards in ((left, self._cards[:3]), (right, self._cards[3:])):
            side.setSpacing(16)
            for card in cards:
                self.place.voice.put(card.heading, card.objectName())
                side.addWidget(card)
            side.addStretch(1)
        columns.addLayout(left, 61)
        columns.addLayout(right, 39)
        column.addLayout(columns, 1)
        Responsive(self, columns, self.place, NARROW)


def _opener(place: Workplace, screen: str, argument: Any) -> Callable[[], None]:
    return lambda: place.go.emit(screen, argument)
