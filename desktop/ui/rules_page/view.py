"""Every rule of time limits: how long, whose duty, since when counted, where it comes from, checked or not."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.rule_shapes import RulebookView, RuleView
from desktop.ui.screen import Commands, Screen
from desktop.ui.widgets.surfaces import Card, Pill, lay_out_again, make_label, make_rule
from desktop.ui.workplace import Workplace


class RulesScreen(Screen):
    """Opened from the settings."""

    name = "rules"
    topic = "rules_page"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.top.addStretch(1)
        self.top.addWidget(self.button("back", self.back, icon="arrow-left", command="back"))
        column = self.add_scroll()
        self.about, self.rules = Card(), Card()
        for name, card in (("about", self.about), ("rules", self.rules)):
            place.voice.put(card.heading, f"rules_page.{name}")
            column.addWidget(card)
        column.addStretch(1)

    def refresh(self) -> None:
        """Read the rules that stand, in the language in force."""
        language = self.place.voice.language
        if self.place.tasks.is_open:
            self.place.tasks.read(lambda office: office.rulebook(language), self.show_rules, owner=self, key="rules")

    def forget(self) -> None:
        """Locked."""
        for card in (self.about, self.rules):
            card.empty()

    def show_rules(self, rulebook: RulebookView) -> None:
        """Write the rulebook, what was not checked first."""
        self._show_about(rulebook)
        self.rules.empty()
        for rule in sorted(rulebook.rules, key=lambda one: one.verified):
            if self.rules.body.count():
                self.rules.body.addWidget(make_rule())
            self.rules.body.addWidget(self._rule(rule))
        lay_out_again(self)

    def commands(self) -> Commands:
        """Keys of this page."""
        return {"back": self.back}

    def back(self) -> None:
        """To the settings."""
        self.place.go.emit("settings", None)

    def _show_about(self, rulebook: RulebookView) -> None:
        self.about.empty()
        days = self.place.say("rules_page.calendar", first=rulebook.known_from, last=rulebook.known_to)
        for text in (rules_line(self.place, rulebook), days):
            self.about.body.addWidget(make_label(text, wrap=True))
        self.about.body.addWidget(make_label(self.place.say("rules_page.unchecked_line"), "quiet", wrap=True))

    def _rule(self, rule: RuleView) -> QWidget:
        say = self.place.say
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(make_label(rule.name, "strong", wrap=True))
        words.addWidget(make_label(self._limit(rule), wrap=True))
        source = say("rules_page.source", source=rule.source)
        words.addWidget(make_label(source, "quiet", wrap=True))
        row.addLayout(words, 1)
        key, kind = ("rules_page.checked", "good") if rule.verified else ("rules_page.unchecked", "due")
        pill = Pill(self.place.look, say(key), kind)
        pill.setObjectName(f"rules.state_{rule.id}")
        row.addWidget(pill, 0, Qt.AlignmentFlag.AlignTop)
        return holder

    def _limit(self, rule: RuleView) -> str:
        say = self.place.say
        one = f"rules_page.unit_{rule.unit}_one"
        key = one if rule.days == 1 and self.place.voice.knows(one) else f"rules_page.unit_{rule.unit}"
        limit = say(key, days=rule.days)
        parts = [say("rules_page.limit", fact=rule.start, limit=limit), say(f"rules_page.kind_{rule.kind}")]
        if rule.extension:
            parts.append(say("rules_page.extension", days=rule.extension))
        if rule.pauses:
            parts.append(say("rules_page.pauses"))
        if rule.rolls_over:
            parts.append(say("rules_page.rolls_over"))
        return say("rules_page.and").join(parts)


def rules_line(place: Workplace, rulebook: RulebookView) -> str:
    """Version, how many rules, how many of them checked."""
    checked = sum(rule.verified for rule in rulebook.rules)
    return place.say("rules_page.line", version=rulebook.version, count=len(rulebook.rules), checked=checked)
