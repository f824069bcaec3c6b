"""Read the administrative divisions of one county: from the shipped table of the whole country, or from an own CSV."""

import csv
import lzma
from dataclasses import dataclass
from pathlib import Path

from sync.domain.errors import InvalidInput
from sync.shipped.places import resources_folder

COUNTY_DIGITS, TOWN_DIGITS, VILLAGE_DIGITS = 6, 9, 12
CSV_COLUMNS = ("area_code", "area", "town_code", "town", "village_code", "village")


@dataclass(frozen=True, slots=True)
class Division:
    """A county, town or village: its code (6, 9 or 12 digits) and its name."""

    code: str
    name: str

    @property
    def parent(self) -> str | None:
        """Code of the town of a village, of the county of a town."""
        if len(self.code) == VILLAGE_DIGITS:
            return self.code[:TOWN_DIGITS]
        return self.code[:COUNTY_DIGITS] if len(self.code) == TOWN_DIGITS else None


def read_county(code: str, own_table: Path | None = None) -> tuple[Division, ...]:
    """The county of 6-digit ``code`` first, then its towns and villages by code.

    Raises InvalidInput (``divisions.unknown_county``) where the table has no such county.
    """
    rows = _own_rows(own_table) if own_table else _shipped_rows(code)
    found = sorted({row for row in rows if row[0].startswith(code)})
    if not found or found[0][0] != code:
        raise InvalidInput("divisions.unknown_county", field="org", value=code)
    return tuple(Division(*row) for row in found)


def _shipped_rows(code: str) -> list[tuple[str, str]]:
    path = resources_folder() / "divisions" / "divisions-2023-06-30.tsv.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        picked = [line.rstrip("\n").split("\t") for line in lines if line.startswith(code)]
    return [(row[0], row[1]) for row in picked]


def _own_rows(path: Path) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in CSV_COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput("divisions.missing_columns", field="divisions", columns=", ".join(missing))
        for row in reader:
            rows += [(row[code], row[name]) for code, name in zip(CSV_COLUMNS[::2], CSV_COLUMNS[1::2], strict=True)]
    return rows
