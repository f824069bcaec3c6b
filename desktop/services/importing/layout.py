"""What the cells' values alone do not tell of a sheet: which cells are merged, and which formulas hold no result.

Read from the sheet's XML as it streams by. A formula whose result is an empty text is of type ``str`` with an empty
``<v>``; one that no program has computed yet has no ``<v>``, or an empty one without that type.
"""

import re
from dataclasses import dataclass, field
from typing import IO
from xml.parsers.expat import ParserCreate

MOST_MERGES = 100_000
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SPLIT = " "


@dataclass(frozen=True, slots=True)
class Merge:
    """Merged cells: rows from 1, columns from 0, both ends included."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Layout:
    """``uncomputed``: (row from 1, column from 0) of formulas without a result."""

    merges: tuple[Merge, ...] = ()
    uncomputed: frozenset[tuple[int, int]] = frozenset()


def read_layout(sheet: IO[bytes]) -> Layout:
    """The layout of a sheet's XML. Raises ``xml.parsers.expat.ExpatError``, ValueError where there is too much."""
    return _Reader().read(sheet)


@dataclass(slots=True)
class _Reader:
    merges: list[Merge] = field(default_factory=list)
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    row: int = 0
    column: int = -1
    formula: bool = False
    value: bool = False
    text: bool = False
    """Whether the cell is a text, which may be empty; …"""
    inside: bool = False
    """… whether what comes now stands in ``<v>``."""

    def read(self, sheet: IO[bytes]) -> Layout:
        parser = ParserCreate(namespace_separator=_SPLIT)
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.ParseFile(sheet)
        return Layout(tuple(self.merges), frozenset(self.uncomputed))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(_SPLIT)[2]
        if local == "c":
            self._place(attributes.get("r", ""))
            self.text = attributes.get("t") == "str"
        elif local == "v":
            self.value, self.inside = self.text, True
        elif local == "f":
            self.formula = True
        elif local == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), -1
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _place(self, reference: str) -> None:
        """Cells may leave out where they stand: then they follow the one before."""
        found = _PLACE.fullmatch(reference)
        self.column = self.column + 1 if found is None else column_index(found[1])
        self.formula = self.value = False

    def _merge(self, reference: str) -> None:
        found = _RANGE.fullmatch(reference)
        if found is None:
            return
        if len(self.merges) >= MOST_MERGES:
            raise ValueError("merges")
        left, top, right, bottom = found.groups()
        self.merges.append(Merge(int(top), int(bottom), column_index(left), column_index(right)))

    def _characters(self, _characters: str) -> None:
        if self.inside:
            self.value = True

    def _end(self, name: str) -> None:
        self.inside = False
        if self.formula and not self.value and name.rpartition(_SPLIT)[2] == "c":
            self.uncomputed.add((self.row, self.column))


def column_index(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
