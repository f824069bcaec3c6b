"""What a letter or sheet about a case still lacks, all at once: inputs whose place on the paper stays empty. Pure."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

WANTED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "acceptance_notice": {"summary": "summary", "body": "body", "due": "limit", "how_to_ask": "how_to_ask"},
        "rejection_notice": {
            "summary": "summary",
            "reason": "reason",
            "provision": "provision",
            "turn_to": "turn_to",
        },
        "realname_contact": {"at": "time", "way": "way", "staff": "staff", "check": "check"},
        "proposal_sheet": {"summary": "summary", "proposal": "proposal", "where_to": "where_to"},
        "transfer_letter": {"addressee": "addressee", "summary": "summary", "demand": "demand", "contact": "contact"},
        "extension_approval": {
            "accepted_at": "accepted",
            "old_limit": "old_limit",
            "reason": "reason",
            "days": "days",
            "new_limit": "new_limit",
        },
        "supervision_order": {
            "assigned_at": "assigned",
            "old_limit": "old_limit",
            "supervise_method": "way",
            "demand": "demand",
            "due": "answer_by",
        },
        "leader_package": {"leader": "leader", "post": "post", "team": "team", "plan": "plan", "due": "limit"},
        "answer_letter": {"summary": "summary", "accepted_at": "accepted", "contact": "contact"},
        "realname_feedback": {"at": "time", "way": "way", "staff": "staff", "told": "told"},
        "delivery_receipt": {"title": "paper", "document": "document", "way": "way", "at": "time"},
    }
)
"""Form → input of its paper → the printable value it fills, whatever else may fill that too."""
EITHER: Mapping[str, tuple[str, str]] = MappingProxyType({"realname_contact": ("answer", "not_reached")})
"""Two inputs of which one is enough; the first is named where both lack."""
OF_A_CLAIM = ("claim", "facts", "basis", "opinion")


def lacking(form: str, data: Any, empty: Any, paper: Mapping[str, Any], *, numbered: bool) -> tuple[str, ...]:
    """Inputs a form lacks, in its order: ``data`` are its printable values, ``empty`` those of a blank sheet.

    ``numbered``: it leaves the house under a number, so that somebody signs for it and the organ's prefix is needed.
    """
    wanted = WANTED.get(form, {})
    found = [name for name, place in wanted.items() if getattr(data, place) == getattr(empty, place)]
    if form in EITHER and all(getattr(data, name) == getattr(empty, name) for name in EITHER[form]):
        found.append(EITHER[form][0])
    if form == "transfer_letter" and paper.get("method") == "ASSIGN" and not data.limit:
        found.append("due")
    if form == "answer_letter":
        found += _of_claims(data)
    if numbered:
        found += [name for name in ("signer", "document_mark") if not paper.get(name)]
    return tuple(found)


def _of_claims(data: Any) -> Iterator[str]:
    for number, claim in enumerate(data.claims):
        yield from (f"claims[{number}].{name}" for name in OF_A_CLAIM if not getattr(claim, name))
