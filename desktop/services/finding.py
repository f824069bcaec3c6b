"""Find: full text, similar matters, places and staff. Complainants are never among the hits."""

from collections import Counter

from desktop.services.desk import Desk
from desktop.services.facets import facets
from desktop.services.listing import title_of
from desktop.services.shapes import Hit, Place
from desktop.storage.search import Hit as StoreHit
from sync.domain.declarations import FieldType
from sync.domain.records import Record, Stored
from sync.domain.vocabularies import VOCABULARIES
from sync.shipped.divisions import TOWN_DIGITS, VILLAGE_DIGITS

SNIPPET_SIGNS = 24
_PIECE_SIGNS = 4
_MOST_PIECES = 12
_MOST_PLACES = 20
_SIMILAR_KINDS = ("Case",)


def search(desk: Desk, text: str, limit: int = 50) -> list[Hit]:
    """Records whose text holds ``text``, newest first; a printed number by its beginning."""
    found = desk.store.search.search(text, limit)
    return [hit for hit in (_hit(desk, one, text) for one in found.hits) if hit is not None]


def similar(desk: Desk, text: str, limit: int = 5) -> list[Hit]:
    """Cases about the same matter as what is being typed: they share pieces of its text. Matters, never persons."""
    pieces = _pieces(text)
    scores: Counter[str] = Counter()
    hits: dict[str, StoreHit] = {}
    for piece in pieces:
        for hit in desk.store.search.search(piece, 20, _SIMILAR_KINDS).hits:
            scores[hit.id] += 1
            hits[hit.id] = hit
    least = 1 if len(pieces) < 4 else 2
    best = [record_id for record_id, score in scores.most_common(limit * 2) if score >= least]
    found = [_hit(desk, hits[record_id], "") for record_id in best]
    return [hit for hit in found if hit is not None][:limit]


def find_places(desk: Desk, text: str) -> list[Place]:
    """Villages and towns by name, code or pinyin initials; those of the own unit first."""
    if not desk.directory_came:
        return desk.shipped_places.find(text, _MOST_PLACES)
    found = desk.store.directory.find_places(text, ("TOWN", "VILLAGE"), _MOST_PLACES * 3)
    places = [Place(place.code, place.name, _town(place.code, place.parent_name)) for place in found]
    own = desk.store.facts.unit
    return sorted(places, key=lambda place: not place.code.startswith(own))[:_MOST_PLACES]


def villages(desk: Desk) -> list[Place]:
    """The villages of the own unit (of the whole county for the county), by code."""
    unit = desk.store.facts.unit
    if not desk.directory_came:
        return desk.shipped_places.villages_of(unit)
    if len(unit) >= TOWN_DIGITS:
        below = desk.store.directory.villages(unit)
    else:
        below = desk.store.directory.units(("VILLAGE",))
    return [
        Place(place.code, place.name, place.parent_name or "")
        for place in below
        if place.active and len(place.code) == VILLAGE_DIGITS
    ]


def units(desk: Desk) -> list[Place]:
    """Units a case can go to: the county and its active towns and bodies, by code."""
    if not desk.directory_came:
        return [place for place in desk.shipped_places.places if len(place.code) == TOWN_DIGITS]
    known = desk.store.directory.units()
    return [Place(unit.code, unit.name) for unit in known if unit.active and len(unit.code) != VILLAGE_DIGITS]


def find_units(desk: Desk, text: str) -> list[Place]:
    """Units a case can go to by name, code or pinyin initials, the best first."""
    if not desk.directory_came:
        found = desk.shipped_places.find(text, _MOST_PLACES * 3)
        return [place for place in found if len(place.code) == TOWN_DIGITS][:_MOST_PLACES]
    kinds = (kind for kind in VOCABULARIES["org_kind"].codes if kind != "VILLAGE")
    return [Place(unit.code, unit.name) for unit in desk.store.directory.find_places(text, kinds, _MOST_PLACES)]


def _town(code: str, parent_name: str | None) -> str:
    return (parent_name or "") if len(code) == VILLAGE_DIGITS else ""


def _hit(desk: Desk, found: StoreHit, text: str) -> Hit | None:
    stored = desk.store.reading.get(found.kind, found.id)
    if stored is None or not desk.sees(stored):
        return None
    number = getattr(stored.record, "number", None)
    return Hit(found.kind, found.id, number, title_of(desk, stored), _snippet(stored, text), found.created_at)


def _snippet(stored: Stored, text: str) -> str:
    """The neighbourhood of the first place where the text stands."""
    wanted = text.strip()
    for value in _texts(stored.record):
        place = value.find(wanted) if wanted else -1
        if place >= 0:
            start, end = max(0, place - SNIPPET_SIGNS), place + len(wanted) + SNIPPET_SIGNS
            inner = " ".join(value[start:end].split())
            return f"{'…' if start else ''}{inner}{'…' if end < len(value) else ''}"
    return ""


def _texts(record: Record) -> list[str]:
    declared = facets(record)
    names = [name for name, facet in declared.items() if facet.type in (FieldType.TEXT, FieldType.LONG_TEXT)]
    return [value for value in (getattr(record, name) for name in names if name != "author") if value]


def _pieces(text: str) -> list[str]:
    """Up to a dozen pieces spread over the text, words of four signs without white space and punctuation between."""
    runs = ["".join(run) for run in "".join(sign if sign.isalnum() else " " for sign in text).split()]
    pieces = [run[at : at + _PIECE_SIGNS] for run in runs for at in range(0, max(1, len(run) - 3), 2)]
    whole = [piece for piece in dict.fromkeys(pieces) if len(piece) == _PIECE_SIGNS]
    step = max(1, len(whole) // _MOST_PIECES)
    return whole[::step][:_MOST_PIECES]
