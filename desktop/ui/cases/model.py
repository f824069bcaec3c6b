"""What the case pages decide without Qt: lights of due dates, words of the trail, reasons for opening an identity."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from desktop.services.shapes import OfferRow
from sync.shipped.rules import load_rulebook

SOON_DAYS = 7
STATUSES = ("REGISTERED", "TRANSFERRED", "RECEIVED", "HANDLING", "RESULT", "REPLIED", "RETURN_VISIT", "RATED", "CLOSED")
FACTS = (
    "number",
    "source_channel",
    "received_at",
    "nature",
    "first_repeat",
    "problem_tag",
    "urgency",
    "secrecy",
    "village",
    "external_number",
)
COURSE = (
    "classified_nature",
    "classified_scope",
    "route",
    "clearing",
    "procedure",
    "disposition",
    "result",
    "claim_outcome",
    "satisfaction",
    "handler",
    "leader",
)
"""What the steps say of the work."""
VOCABULARY_OF = {
    "source_channel": "source_channel",
    "nature": "nature",
    "first_repeat": "first_repeat",
    "problem_tag": "problem_tag",
    "urgency": "urgency",
    "secrecy": "secrecy",
    "classified_nature": "nature",
    "classified_scope": "scope",
    "route": "route",
    "clearing": "clearing",
    "procedure": "procedure",
    "disposition": "disposition",
    "result": "result",
    "claim_outcome": "claim_outcome",
    "satisfaction": "satisfaction",
}


def light_of(due: date | None, today: date) -> str:
    """``overdue``, ``due`` (within a week) or ``plain``."""
    if due is None:
        return "plain"
    if due < today:
        return "overdue"
    return "due" if (due - today).days <= SOON_DAYS else "plain"


def days_key(due: date, today: date) -> tuple[str, int]:
    """Text key and number of days for a due date."""
    days = (due - today).days
    if days < 0:
        return "case.overdue_days", -days
    return ("case.due_today", 0) if days == 0 else ("case.days_left", days)


def refusals(offers: Iterable[OfferRow]) -> dict[str, list[str]]:
    """Reason key → steps that cannot be taken for it. "Not at this status" is said last: it says the least."""
    found: dict[str, list[str]] = {}
    for offer in offers:
        if not offer.allowed and offer.reason_key:
            found.setdefault(offer.reason_key, []).append(offer.step)
    return dict(sorted(found.items(), key=lambda item: item[0] == "workflow.wrong_status"))


def rule_name(rule: str, language: str) -> str:
    """The name of a clock; an unknown one stands for itself."""
    known = load_rulebook().rules.get(rule)
    return known.name.say(language) if known is not None else rule


def accused_line(shown: dict[str, Any]) -> str:
    """Who is complained about, in one line."""
    people = shown.get("accused") or []
    parts = [" ".join(filter(None, (one.get("name"), one.get("unit"), one.get("post")))) for one in people]
    return "; ".join(filter(None, parts))
