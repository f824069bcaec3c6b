"""The facts of a case as pairs of a label's key and a text: what was registered, and where the work stands."""

import json

from desktop.ui.cases.actions import CaseView
from desktop.ui.cases.model import COURSE, FACTS, VOCABULARY_OF
from desktop.ui.voice import Voice

Cell = tuple[str, str]


def fact_cells(view: CaseView, voice: Voice) -> list[Cell]:
    """Every fact that is known, in the order it is read."""
    shown = view.shown
    cells = [(f"case.{name}", _fact(name, view, voice)) for name in FACTS if shown.get(name) is not None]
    cells += [("case.former_number", number) for number in _former_numbers(view)]
    cells.append(("case.holder", view.names.get(shown.get("holder") or "", shown.get("holder") or "—")))
    cells += [(f"case.{name}", _fact(name, view, voice)) for name in COURSE if shown.get(name) is not None]
    if shown.get("co_units"):
        cells.append(("case.units", _co_units(view, voice)))
    if shown.get("flags"):
        cells.append(("case.flags", _joined(voice, [voice.label("case_flag", flag) for flag in shown["flags"]])))
    return cells


def _former_numbers(view: CaseView) -> list[str]:
    """Numbers that stand on paper and that the county took back, because another matter had them first."""
    changed = (one for one in view.shown.get("corrections") or () if one.get("field") == "number" and one.get("old"))
    return [str(json.loads(one["old"])) for one in changed]


def _fact(name: str, view: CaseView, voice: Voice) -> str:
    value = view.shown[name]
    if name in VOCABULARY_OF:
        return voice.label(VOCABULARY_OF[name], str(value))
    if name == "village":
        return view.names.get(str(value), str(value))
    return str(value).replace("T", " ") if name.endswith("_at") else str(value)


def _co_units(view: CaseView, voice: Voice) -> str:
    """Each helping unit, and whether its report has come."""
    waiting = view.shown.get("co_waiting") or ()
    words = []
    for code in view.shown["co_units"]:
        key = "case.co_waiting" if code in waiting else "case.co_reported"
        words.append(voice.say(key, unit=view.names.get(code, code)))
    return _joined(voice, words)


def _joined(voice: Voice, words: list[str]) -> str:
    return voice.say("case.and").join(words)
