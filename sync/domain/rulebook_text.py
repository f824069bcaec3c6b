"""The rulebook as a file, read strictly: what is not wholly understood is refused with the place where it stands.

Getting a clock wrong is a legal fault, so a book that leaves out a clock, names a step nobody knows or lets a claim's
clock run for an accusation is no rulebook.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sync.domain.case_state import PETITION
from sync.domain.errors import InvalidInput
from sync.domain.rulebook import Conditions, CountUnit, Returned, Rule, Rulebook, RuleKind
from sync.domain.texts import Words
from sync.domain.vocabularies import VOCABULARIES
from sync.domain.workflow_table import STEPS

VERSION = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.(\d{1,3}))?")
EVENTS = frozenset(STEPS) | {"RECEIPT", "RECEIPT_FROM_ABOVE"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BODIES = _words(
    "handling_office petition_office petition_department responsible_body petitioner review_body rereview_body "
    "county_office holder village_cover"
)
"""Whose duty a clock can be."""
CLAIM_ONLY = _words("petition_transfer acceptance_notice handle_claim review_request review rereview_request rereview")
"""Clocks that never run for an accusation, whatever a file says."""
NEEDED = CLAIM_ONLY | _words(
    "start_handling upper_direct lower_register realname_notice realname_feedback objection assigned_report "
    "disposition_opinion quarterly_result received_check disposition_check urgent visit_interval supervision"
)
"""Clocks every rulebook has."""
LATER = frozenset({"handle_appeal"})
"""Clocks that books published before do not know: such a book stands with the shipped one beside its own."""
PETITION_ONLY = frozenset({PETITION})
BY_PROCEDURE = _words("handle_claim review_request review rereview_request rereview")
"""Clocks of the petition procedure alone; a book that does not say so (an earlier one) means it."""
APPEAL_ONLY = frozenset({"handle_appeal"})
LONGEST_LIMIT, LONGEST_EXTENSION = 400, 30
_CODES: Mapping[str, frozenset[str]] = {
    name: frozenset(term.code for term in VOCABULARIES[vocabulary].terms)
    for name, vocabulary in {
        "natures": "nature", "identities": "identity", "sources": "source_channel", "secrecies": "secrecy",
        "clearings": "clearing", "procedures": "procedure", "registered_by": "role",
    }.items()
}  # fmt: skip
_FLAGS = frozenset({"only_first", "down_only"})


def version_key(version: str) -> tuple[str, int]:
    """The place of a version (``2026-11-28`` or ``2026-11-28.2``) in their order; ``("", 0)`` for none."""
    found = VERSION.fullmatch(version)
    return (found[1], int(found[2] or 0)) if found else ("", 0)


def parse_rulebook(text: str) -> Rulebook:
    """The rules of a file. Raises InvalidInput ``rules.not_toml``, ``rules.bad_version``, ``rules.bad_value``,
    ``rules.rule_missing``, ``rules.claim_only``; ``field`` says where."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("rules.not_toml", field="rules", reason=str(error)) from error
    version, rows = table.get("version"), table.get("rules")
    if not isinstance(version, str) or version_key(version) == ("", 0):
        raise InvalidInput("rules.bad_version", field="version")
    if set(table) - {"version", "rules"} or not isinstance(rows, dict):
        raise InvalidInput("rules.bad_value", field="rules")
    left_out = sorted(NEEDED - rows.keys())
    if left_out:
        raise InvalidInput("rules.rule_missing", field="rules", rules=", ".join(left_out))
    return Rulebook(version, MappingProxyType({name: _rule(name, row, version) for name, row in rows.items()}))


def newest_rulebook(shipped: Rulebook, texts: tuple[str, ...]) -> Rulebook:
    """The rules that stand: the highest version of those that can be read. A book this version of the software cannot
    read leaves the one before standing."""
    books = [shipped]
    for text in texts:
        try:
            books.append(parse_rulebook(text))
        except InvalidInput:
            continue
    newest = max(books, key=lambda book: version_key(book.version))
    later = {name: shipped.rules[name] for name in sorted(LATER & shipped.rules.keys() - newest.rules.keys())}
    return Rulebook(newest.version, MappingProxyType({**newest.rules, **later})) if later else newest


def _rule(name: str, row: object, version: str) -> Rule:
    values = _Row(f"rules.{name}", row)
    rule = Rule(
        id=name,
        name=values.words("name"),
        start_fact=values.words("from"),
        days=values.number("days", LONGEST_LIMIT),
        unit=CountUnit(values.one_of("unit", frozenset(CountUnit))),
        kind=RuleKind(values.one_of("kind", frozenset(RuleKind))),
        duty_of=values.one_of("duty_of", BODIES),
        source=values.words("source"),
        verified=values.flag("verified"),
        rolls_over=values.flag("rolls_over", default=False),
        pauses=values.flag("pauses", default=False),
        extension=values.number("extension", LONGEST_EXTENSION, default=0),
        by_letter=values.flag("by_letter", default=False),
        applies_to=_conditions(values, PETITION_ONLY if name in BY_PROCEDURE else frozenset()),
        starts=values.codes("starts", EVENTS, default=frozenset()),
        stops=values.codes("stops", EVENTS, default=frozenset()),
        unless=values.codes("unless", EVENTS, default=frozenset()),
        returned=Returned(values.one_of("returned", frozenset(Returned), default=Returned.ENDED)),
        version=version,
    )
    values.done()
    if name in BY_PROCEDURE and rule.applies_to.procedures != PETITION_ONLY:
        raise InvalidInput("rules.bad_value", field=f"rules.{name}.applies_to")
    if name in CLAIM_ONLY and rule.applies_to.natures != {"CLAIM"}:
        raise InvalidInput("rules.claim_only", field=f"rules.{name}.applies_to")
    if name in APPEAL_ONLY and rule.applies_to.natures != {"APPEAL"}:
        raise InvalidInput("rules.bad_value", field=f"rules.{name}.applies_to")
    return rule


def _conditions(values: "_Row", procedures: frozenset[str]) -> Conditions:
    """What a row says of whom it applies to; ``procedures`` stand where it names none."""
    row = _Row(f"{values.place}.applies_to", values.take("applies_to"))
    sets: dict[str, Any] = {name: row.codes(name, codes, default=frozenset()) for name, codes in _CODES.items()}
    flags: dict[str, Any] = {name: row.flag(name, default=False) for name in sorted(_FLAGS)}
    row.done()
    sets["procedures"] = sets["procedures"] or procedures
    return Conditions(**sets, **flags)


class _Row:
    """A table of the file; every value is taken once, and none may be left."""

    def __init__(self, place: str, row: object) -> None:
        self.place = place
        if not isinstance(row, dict):
            raise InvalidInput("rules.bad_value", field=place)
        self._left: dict[str, Any] = dict(row)

    def take(self, name: str, fits: Callable[[Any], bool] = lambda _: True, default: object = None) -> Any:
        """A value that fits; the default where it is absent and there is one."""
        value = self._left.pop(name, default)
        if value is None or not fits(value):
            raise InvalidInput("rules.bad_value", field=f"{self.place}.{name}")
        return value

    def done(self) -> None:
        """Refuse what nobody took."""
        for name in self._left:
            raise InvalidInput("rules.bad_value", field=f"{self.place}.{name}")

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """True or false."""
        return bool(self.take(name, lambda value: isinstance(value, bool), default))

    def number(self, name: str, most: int, *, default: int | None = None) -> int:
        """A whole number from 0 to ``most``."""
        return int(self.take(name, lambda value: type(value) is int and 0 <= value <= most, default))

    def one_of(self, name: str, codes: frozenset[str], *, default: str | None = None) -> str:
        """One of these words."""
        return str(self.take(name, lambda value: isinstance(value, str) and value in codes, default))

    def codes(self, name: str, known: frozenset[str], *, default: frozenset[str] | None = None) -> frozenset[str]:
        """Several of these words."""

        def fits(value: Any) -> bool:
            return isinstance(value, list | frozenset) and all(isinstance(one, str) and one in known for one in value)

        return frozenset(self.take(name, fits, default))

    def words(self, name: str) -> Words:
        """A text in both languages."""

        def fits(value: Any) -> bool:
            both = isinstance(value, dict) and value.keys() == {"zh", "en"}
            return both and all(isinstance(one, str) and one.strip() for one in value.values())

        return Words(**self.take(name, fits))
