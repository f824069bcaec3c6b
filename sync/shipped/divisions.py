"""Read the administrative divisions of one county: from the shipped table of the whole country, or from an own CSV."""

import csv
import io
import lzma
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sync.domain.errors import InvalidInput
from sync.shipped.places import resources_folder

COUNTY_DIGITS, TOWN_DIGITS, VILLAGE_DIGITS = 6, 9, 12
MOST_TABLE_BYTES = 64_000_000
CSV_COLUMNS = ("area_code", "area", "town_code", "town", "village_code", "village")
_DIGITS = (COUNTY_DIGITS, TOWN_DIGITS, VILLAGE_DIGITS)
_CODE = re.compile(r"[0-9]+")


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

    Raises InvalidInput (``divisions.unknown_county``) where the table has no such county, and ``divisions.unreadable``,
    ``divisions.missing_columns``, ``divisions.bad_row``, ``divisions.two_names`` for an own table.
    """
    if len(code) != COUNTY_DIGITS:  # a province or a prefecture stands in the table too
        raise InvalidInput("divisions.unknown_county", field="org", value=code)
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
    names: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            data = file.read(MOST_TABLE_BYTES + 1)
        if len(data) > MOST_TABLE_BYTES:
            raise InvalidInput("divisions.unreadable", field="divisions", reason="> 64 MB")
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        missing = [name for name in CSV_COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput("divisions.missing_columns", field="divisions", columns=", ".join(missing))
        for row in reader:
            for code, name in _of_row(row, reader.line_num):
                if names.setdefault(code, name) != name:
                    raise InvalidInput("divisions.two_names", field="divisions", value=code)
    except OSError as error:
        raise InvalidInput("divisions.unreadable", field="divisions", reason=error.strerror or "-") from error
    except UnicodeDecodeError as error:
        raise InvalidInput("divisions.unreadable", field="divisions", reason="UTF-8") from error
    except csv.Error as error:
        raise InvalidInput("divisions.unreadable", field="divisions", reason="CSV") from error
    return list(names.items())


def _of_row(row: Mapping[str, str | None], line: int) -> list[tuple[str, str]]:
    """County, town and village of one line."""
    cells = [(row[name] or "").strip() for name in CSV_COLUMNS]
    whole = all(_CODE.fullmatch(code) and len(code) == digits for code, digits in zip(cells[::2], _DIGITS, strict=True))
    inside = cells[2].startswith(cells[0]) and cells[4].startswith(cells[2])
    if not (whole and inside and all(cells[1::2])):
        raise InvalidInput("divisions.bad_row", field="divisions", line=line)
    return list(zip(cells[::2], cells[1::2], strict=True))
