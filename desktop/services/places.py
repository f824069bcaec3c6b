"""Find a village or town by its name, its code or the initials of its pinyin (``ltj`` → 龙潭街道)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from desktop.services.inputs.values import tidy_latin
from desktop.services.shapes import Place
from sync.shipped.divisions import TOWN_DIGITS, VILLAGE_DIGITS

_MOST = 30


@dataclass(frozen=True)
class Gazetteer:
    """The places of a county; ``home`` is the code of the unit whose villages come first."""

    places: tuple[Place, ...]
    home: str = ""

    @cached_property
    def by_code(self) -> dict[str, Place]:
        """Every place by its code."""
        return {place.code: place for place in self.places}

    @cached_property
    def _initials(self) -> tuple[str, ...]:
        return tuple(initials(place.name) for place in self.places)

    def find(self, text: str, most: int = _MOST) -> list[Place]:
        """Places for typed text, own ones first, then exact before beginning before inner matches."""
        wanted = tidy_latin(text).lower()
        if not wanted:
            return []
        ranked = [(rank, place) for place, rank in self._ranked(wanted) if rank is not None]
        ranked.sort(key=lambda pair: (not self._is_own(pair[1]), pair[0], pair[1].code))
        return [place for _, place in ranked[:most]]

    def villages_of(self, unit: str) -> list[Place]:
        """The villages of a town or of the whole county."""
        return [place for place in self.places if len(place.code) == VILLAGE_DIGITS and place.code.startswith(unit)]

    def _is_own(self, place: Place) -> bool:
        return bool(self.home) and place.code.startswith(self.home)

    def _ranked(self, wanted: str) -> Iterable[tuple[Place, int | None]]:
        for place, letters in zip(self.places, self._initials, strict=True):
            yield place, _rank(wanted, place, letters)


def initials(name: str) -> str:
    """First letters of the pinyin of a name, lower case; other signs as they are."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


def gazetteer(places: Iterable[tuple[str, str]], home: str = "") -> Gazetteer:
    """The gazetteer of (code, name) pairs of towns and villages."""
    names = dict(places)
    rows = [Place(code, name, names.get(code[:TOWN_DIGITS], "") if len(code) == VILLAGE_DIGITS else "")
            for code, name in sorted(names.items()) if len(code) in (TOWN_DIGITS, VILLAGE_DIGITS)]  # fmt: skip
    return Gazetteer(tuple(rows), home)


def _rank(wanted: str, place: Place, letters: str) -> int | None:
    if wanted in (place.code, place.name, letters):
        return 0
    if place.code.startswith(wanted) or place.name.startswith(wanted) or letters.startswith(wanted):
        return 1
    return 2 if wanted in place.name or wanted in f"{place.town}{place.name}" else None
