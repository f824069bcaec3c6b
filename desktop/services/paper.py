"""A readout as the sheets of the loop ask for it: who was talked to, which case it belongs to, codes as words. Pure."""

from collections.abc import Mapping
from typing import Any

from sync.domain.readout import values_of
from sync.domain.records import Case, Identity
from sync.domain.vocabularies import label

_ASPECTS = ("timely", "manner", "lawful", "open", "result")


def for_paper(readout: Mapping[str, Any], case: Case | None, identity: Identity | None) -> dict[str, Any]:
    """The readout with what the paper of its kind needs besides."""
    shown = dict(readout)
    if shown["kind"] == "Interview":
        return shown | _interview(shown) | _person(shown, case, identity)
    if shown["kind"] == "ReturnVisit":
        number = case.number if case is not None else None
        remarks = [shown[name] for name in ("unreached_reason", "remark") if name in shown]
        return shown | {"at": shown.get("visited_at"), "answer_kept": shown.get("promise_kept"),
                        "remark": "；".join(remarks), "case": {"number": number}}  # fmt: skip
    if shown["kind"] == "Rating":
        ticks = {True: "SATISFIED", False: "UNSATISFIED"}
        return shown | {name: ticks[shown[name]] for name in _ASPECTS if name in shown}
    return shown


def _interview(shown: Mapping[str, Any]) -> dict[str, Any]:
    notices = [label("interview_notice", code) for code in shown.get("notices", ())]
    return {
        "formal": shown.get("interview_kind") == "TALK",
        "notices": notices,
        "exchanges": shown.get("questions", ()),
        "declined_reason": shown.get("remark") if shown.get("signature_declined") else None,
    }


def _person(shown: Mapping[str, Any], case: Case | None, identity: Identity | None) -> dict[str, Any]:
    """Whom the talk was with: a named person, or the complainant as far as he may stand on this sheet."""
    if shown.get("person"):
        return {"complainant": {"name": shown["person"]}}
    secrecy = {"secrecy": case.secrecy} if case is not None else {}
    if identity is not None:
        return secrecy | {"complainant": values_of(identity)} | _facts_told(case, hidden=False)
    kind = case.identity if case is not None else None
    return secrecy | {"complainant": {"identity": kind, "masked": True}} | _facts_told(case, hidden=kind is not None)


def _facts_told(case: Case | None, *, hidden: bool) -> dict[str, Any]:
    """Facts of somebody who is not named on the sheet may say who he is, so they stay away with the name."""
    protected = case is not None and case.secrecy == "PROTECTED"
    return {"person_facts": None} if hidden or protected else {}
