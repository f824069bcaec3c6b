"""What every letter of this office bears: the organ's name, the prefix of its numbers, how it is reached."""

from dataclasses import replace
from typing import Any

from desktop.services.desk import Desk
from desktop.services.inputs.values import has_forbidden_signs
from desktop.services.permissions import require_recording
from desktop.settings import LONGEST_TEXT, OF_THE_OFFICE, load_settings, save_settings
from sync.domain.errors import InvalidInput


def letterhead(desk: Desk) -> dict[str, str]:
    """``organ``, ``document_mark``, ``contact`` as they stand."""
    settings = load_settings(desk.paths.settings, desk.user)
    return {name: getattr(settings, name) for name in OF_THE_OFFICE}


def keep_letterhead(desk: Desk, **changes: str) -> dict[str, str]:
    """Change some of them, for everyone at this profile. Raises InvalidInput naming the one that cannot stand."""
    require_recording(desk.reader)
    tidy: dict[str, Any] = {}
    for name, value in changes.items():
        if len(value) > LONGEST_TEXT:
            raise InvalidInput("record.too_long", field=name, limit=LONGEST_TEXT)
        if has_forbidden_signs(value):
            raise InvalidInput("record.forbidden_sign", field=name)
        tidy[name] = " ".join(value.split())
    settings = load_settings(desk.paths.settings, desk.user)
    save_settings(desk.paths.settings, replace(settings, **tidy), desk.user)
    return letterhead(desk)
