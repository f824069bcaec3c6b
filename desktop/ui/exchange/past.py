"""The last exchanges: when, how, what went and came, and whether both sides agreed."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.services.past_exchanges import PastExchange
from desktop.ui.widgets.surfaces import Card, Pill, make_label, make_rule
from desktop.ui.workplace import Workplace
from sync.domain.times import to_local

MOST_SHOWN = 8
AGREED = {True: ("today.agreed", "good"), False: ("today.differs", "overdue"), None: ("today.never", "plain")}


class PastCard(Card):
    """A line an exchange."""

    def __init__(self, place: Workplace) -> None:
        super().__init__("exchange.past")
        self._place = place
        place.voice.put(self.heading, "exchange_screen.past")

    def show_history(self, past: Sequence[PastExchange]) -> None:
        """The latest first."""
        self.empty()
        if not past:
            self.body.addWidget(make_label(self._place.say("exchange_screen.no_past"), "quiet"))
        for one in past[:MOST_SHOWN]:
            if self.body.count():
                self.body.addWidget(make_rule())
            self.body.addWidget(self._row(one))

    def _row(self, one: PastExchange) -> QWidget:
        say = self._place.say
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        key, kind = AGREED[one.agreed]
        row.addWidget(make_label(to_local(one.at).strftime("%m-%d %H:%M"), "quiet"))
        way = say("exchange_screen.by_file" if one.by_file else "exchange_screen.by_wire")
        words = say("exchange_screen.past_line", way=way, sent=one.sent, received=one.received, unsent=one.unsent)
        row.addWidget(make_label(words, wrap=True), 1)
        row.addWidget(Pill(self._place.look, say(key), kind))
        return holder
