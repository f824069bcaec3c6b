"""The county office publishes moved days and rules; every device and the county count due dates by them then."""

from desktop.services.desk import Desk
from desktop.services.permissions import require_rules_power
from desktop.services.rule_shapes import Published, RulebookView, RuleView
from desktop.storage.case_clocks import standing_clockwork
from sync.domain.errors import NotAllowed
from sync.domain.publishing import calendar_records, rulebook_record
from sync.domain.rulebook import Rule


def publish_calendar(desk: Desk, text: str) -> Published:
    """Publish the days of a calendar file that are new or other than before; nothing is written where none is.

    Raises NotAllowed, InvalidInput ``rules.*`` naming the line that is not understood.
    """
    _require(desk)
    now = desk.clock()
    standing = standing_clockwork(desk.store.database).calendar
    records = calendar_records(text, standing, desk.store.facts.county, now, desk.user)
    if records:
        with desk.work(now) as work:
            for record in records:
                work.add(record)
    return _published(desk, len(records))


def publish_rulebook(desk: Desk, text: str) -> Published:
    """Publish a rulebook's file. Raises NotAllowed, InvalidInput ``rules.*``, Refused ``rules.older_version``."""
    _require(desk)
    now = desk.clock()
    standing = standing_clockwork(desk.store.database).rulebook
    record = rulebook_record(text, standing, desk.store.facts.county, now, desk.user)
    with desk.work(now) as work:
        work.add(record)
    return _published(desk, 1)


def rulebook(desk: Desk, language: str) -> RulebookView:
    """The rules that stand and the years whose holidays are known."""
    clockwork = standing_clockwork(desk.store.database)
    rules = tuple(_rule(rule, language) for rule in clockwork.rulebook.rules.values())
    years = clockwork.calendar.years
    return RulebookView(clockwork.rulebook.version, rules, min(years), max(years), may_publish=_may(desk))


def _rule(rule: Rule, language: str) -> RuleView:
    return RuleView(
        rule.id, rule.name.say(language), rule.days, rule.unit.value, rule.source.say(language), rule.verified,
        rule.extension, rule.start_fact.say(language), rule.kind.value, rule.pauses, rule.rolls_over,
    )  # fmt: skip


def _published(desk: Desk, count: int) -> Published:
    clockwork = standing_clockwork(desk.store.database)
    return Published(count, clockwork.rulebook.version, max(clockwork.calendar.years))


def _may(desk: Desk) -> bool:
    facts = desk.store.facts
    return facts.unit == facts.county and desk.reader.powers.publishes_rules


def _require(desk: Desk) -> None:
    require_rules_power(desk.reader)
    facts = desk.store.facts
    if facts.unit != facts.county:
        raise NotAllowed("rules.county_only")
