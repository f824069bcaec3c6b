"""Rules and calendar as the services hand them out: frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleView:
    """One clock; ``unit`` is what its days are counted in, ``extension`` the days it can be extended by.

    ``start``: the event it counts from, in words; ``kind``: what passing the date means (duty, window, check).
    """

    id: str
    name: str
    days: int
    unit: str
    source: str
    verified: bool
    extension: int
    start: str
    kind: str
    pauses: bool
    rolls_over: bool


@dataclass(frozen=True, slots=True)
class RulebookView:
    """The rules that stand; holidays are known from ``known_from`` to ``known_to`` (years), later dates provisional."""

    version: str
    rules: tuple[RuleView, ...]
    known_from: int
    known_to: int
    may_publish: bool


@dataclass(frozen=True, slots=True)
class Published:
    """How many records a publication made, and what stands after it."""

    count: int
    rulebook: str
    calendar_known_to: int
