"""Which rules remind here, in a line, and the way to all of them."""

from PySide6.QtWidgets import QHBoxLayout

from desktop.services.rule_shapes import RulebookView
from desktop.ui.rules_page.view import rules_line
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import Card, make_label
from desktop.ui.workplace import Workplace


class RulesCard(Card):
    """One line, one button."""

    def __init__(self, place: Workplace) -> None:
        super().__init__("settings.rules_card")
        self._place = place
        place.voice.put(self.heading, "settings.rules_card")
        self._words = make_label(role="quiet", wrap=True)
        self.body.addWidget(self._words)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(make_button(place, "settings.open_rules", lambda: place.go.emit("rules", None), icon="clock"))
        self.body.addLayout(row)

    def refresh(self) -> None:
        """Read the rulebook that stands."""
        language = self._place.voice.language
        self._place.tasks.read(lambda office: office.rulebook(language), self.show_rules, owner=self, key="rules")

    def show_rules(self, rulebook: RulebookView) -> None:
        """Write the line."""
        self._words.setText(rules_line(self._place, rulebook))
