"""What is typed and not saved yet, on pages and in dialogs: kept for its user alone, hidden with what it is about."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop.security.typed_text import open_typed, seal_typed
from desktop.security.vault import Unlocked
from desktop.services.desk import Desk
from desktop.services.listing import title_of
from desktop.services.shapes import Draft
from desktop.storage.drafts import Draft as StoredDraft
from sync.domain.records import Stored

_HEADS = ("Case", "Visit")


def drafts(desk: Desk, dossier: str | None = None) -> list[Draft]:
    """The user's drafts, newest first; all, or those about a dossier."""
    kept = (one for one in desk.store.drafts.all_of(desk.user) if dossier in (None, one.dossier))
    return [draft for draft in (_readable(desk, one) for one in kept) if draft is not None]


def save_draft(desk: Desk, screen: str, key: str, body: Mapping[str, Any], dossier: str | None = None) -> None:
    """Keep what is being typed, for this user only; ``dossier``: the case or visit it is about."""
    text = json.dumps(body, ensure_ascii=True).encode()
    sealed = seal_typed(text, desk.unlocked.keys_for_typing(), _place(desk.user, screen, key))
    desk.store.drafts.save(StoredDraft(desk.user, screen, key, sealed, desk.clock(), dossier))


def load_draft(desk: Desk, screen: str, key: str) -> Draft | None:
    """One draft, or None."""
    kept = desk.store.drafts.load(desk.user, screen, key)
    return None if kept is None else _readable(desk, kept)


def _readable(desk: Desk, kept: StoredDraft) -> Draft | None:
    """A draft, unless its key is no longer this user's or he may not know of what it is about."""
    head = None if kept.dossier is None else _head(desk, kept.dossier)
    if kept.dossier is not None and (head is None or not desk.sees(head)):
        return None
    text = _open(desk, kept)
    if text is None:
        return None
    about = "" if head is None else title_of(desk, head) or ""
    return Draft(kept.screen, kept.key, kept.saved_at, json.loads(text), about)


def seal_typed_anew(desk: Desk, fresh: Unlocked) -> None:
    """The user goes on under other keys: what he typed and did not save stays his."""
    opened = [(kept, _open(desk, kept)) for kept in desk.store.drafts.all_of(desk.user)]
    desk.unlocked = fresh
    for kept, text in opened:
        if text is not None:
            place = _place(kept.user, kept.screen, kept.key)
            desk.store.drafts.save(replace(kept, body=seal_typed(text, fresh.keys_for_typing(), place)))


def _open(desk: Desk, kept: StoredDraft) -> bytes | None:
    return open_typed(kept.body, desk.unlocked.keys_for_typing(), _place(kept.user, kept.screen, kept.key))


def _head(desk: Desk, dossier: str) -> Stored | None:
    found = (desk.store.reading.get(kind, dossier) for kind in _HEADS)
    return next((head for head in found if head is not None), None)


def _place(user: str, screen: str, key: str) -> str:
    return json.dumps([user, screen, key])
