"""What waits unsaved: where the text of a dialog over a case is kept, and how it is called. Without Qt.

It is a draft of the screen ``case`` under ``NAME:CASE``.
"""

from desktop.services.recording import DraftKey
from desktop.ui.voice import Voice

SCREEN = "case"
STEP = "step_"
CORRECTION = "correct_"
_OWN_KEYS = {"correct": "case.correct", "void": "case.void", "identity": "case.identity_reason"}


def draft_key(name: str, case: str) -> DraftKey:
    """Where the text of a dialog over a case is kept."""
    return DraftKey(SCREEN, f"{name}:{case}")


def parts_of(key: str) -> tuple[str, str]:
    """Name of the dialog and id of the case."""
    name, _, case = key.partition(":")
    return name, case


def dialog_title(voice: Voice, name: str) -> str:
    """What people call a dialog: an interview, a letter, a step."""
    if name.startswith(STEP):
        return voice.label("step", name.removeprefix(STEP))
    if name in _OWN_KEYS:
        return voice.say(_OWN_KEYS[name])
    if name.startswith(CORRECTION):
        return voice.say(f"correcting.title_{name.split('_')[1].lower()}")
    letter = f"preview.form_{name}"
    return voice.say(letter if voice.knows(letter) else f"loop.new_{name.lower()}")
