"""What can be done on a case now as buttons; the rest, with its reasons, behind one toggle."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.shapes import OfferRow
from desktop.ui.cases.model import refusals
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import Card, make_label
from desktop.ui.workplace import Workplace

BUTTONS_A_ROW = {"zh": 5, "en": 3}


class OffersCard(Card):
    """The first step allowed is the primary one; ``on_step`` asks for the step's fields."""

    def __init__(self, place: Workplace, on_step: Callable[[OfferRow], None]) -> None:
        super().__init__("case.offers")
        self._place, self._on_step = place, on_step
        self._is_open = False
        place.voice.put(self.heading, "case.next")

    def show_offers(self, offers: Sequence[OfferRow]) -> None:
        """Write buttons and reasons anew."""
        self.empty()
        allowed = [offer for offer in offers if offer.allowed]
        if allowed:
            self.body.addWidget(self._buttons(allowed))
        else:
            self.body.addWidget(make_label(self._place.say("case.nothing_possible"), "quiet", wrap=True))
        refused = refusals(offers)
        if refused:
            self._add_reasons(refused)

    def _buttons(self, allowed: Sequence[OfferRow]) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        a_row = max(1, BUTTONS_A_ROW[self._place.voice.language] * 100 // self._place.look.text_size)
        for index, offer in enumerate(allowed):
            grid.addWidget(self._button(offer, primary=index == 0), *divmod(index, a_row))
        grid.setColumnStretch(a_row, 1)
        return holder

    def _button(self, offer: OfferRow, *, primary: bool) -> QWidget:
        name, voice = f"case.step_{offer.step}", self._place.voice
        button = make_button(self._place, name, partial(self._on_step, offer), primary=primary, key="case.step")
        voice.follow(button, lambda: voice.label("step", offer.step))
        voice.follow(button, lambda: f"{voice.say('case.step')} {voice.label('step', offer.step)}", "setAccessibleName")
        return button

    def _add_reasons(self, refused: dict[str, list[str]]) -> None:
        reasons = QWidget()
        column = QVBoxLayout(reasons)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        voice = self._place.voice
        for reason, steps in refused.items():
            names = voice.say("case.and").join(voice.label("step", step) for step in steps)
            text = voice.say("case.cannot", step=names, reason=voice.say(reason))
            column.addWidget(make_label(text, "quiet", wrap=True))
        count = sum(len(steps) for steps in refused.values())
        self.body.addWidget(self._toggle(reasons, count))
        self.body.addWidget(reasons)
        reasons.setVisible(self._is_open)

    def _toggle(self, reasons: QWidget, count: int) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 2, 0, 0)
        toggle = make_button(self._place, "case.why_not", lambda: None, icon="chevron-right", flat=True)
        voice = self._place.voice
        voice.follow(toggle, lambda: voice.say("case.why_not", count=count))
        toggle.setCheckable(True)
        toggle.setChecked(self._is_open)
        toggle.toggled.connect(partial(self._open, reasons))
        row.addWidget(toggle)
        row.addStretch(1)
        return holder

    def _open(self, reasons: QWidget, is_open: bool) -> None:
        self._is_open = is_open
        reasons.setVisible(is_open)
