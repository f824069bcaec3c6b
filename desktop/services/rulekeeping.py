"""The part of an office that keeps rules and calendar."""

from typing import Any

from desktop.services import clocks, publishing
from desktop.services.housekeeping import Housekeeping
from desktop.services.rule_shapes import Published, RulebookView


class Rulekeeping(Housekeeping):
    """Use cases about rules and calendar. Every method raises subclasses of LiandongError only."""

    def rulebook(self, language: str) -> RulebookView:
        """The rules that stand, each with its source, and the years whose holidays are known."""
        return publishing.rulebook(self._desk, language)

    def publish_calendar(self, text: str) -> Published:
        """Publish moved days (a calendar file) to every device of the county."""
        return publishing.publish_calendar(self._desk, text)

    def publish_rulebook(self, text: str) -> Published:
        """Publish a newer rulebook (its file) to every device of the county."""
        return publishing.publish_rulebook(self._desk, text)

    def explain_due(self, rule: str, start: str, pauses: tuple[tuple[str, str], ...], language: str) -> dict[str, Any]:
        """A due date by the rules and the calendar that stand here."""
        return clocks.explain_due(rule, start, pauses, language, clocks.clockwork_of(self._desk))
