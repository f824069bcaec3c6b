"""Import a spreadsheet: each row is judged alone and becomes one case in one change, or a reject with its reason."""

from collections.abc import Callable
from pathlib import Path

from desktop.services.desk import Desk
from desktop.services.finding import villages
from desktop.services.importing.mapping import Mapping, read_mapping
from desktop.services.importing.rows import Column, heading_of, locate_columns, plain_text, row_input
from desktop.services.importing.workbook import Sheet, read_workbook
from desktop.services.inputs.reading import MatterInput, SealedInput, read_case
from desktop.services.inputs.values import tidy_latin
from desktop.services.permissions import require_recording
from desktop.services.recording import save_matter
from desktop.services.shapes import Imported, Reject
from desktop.storage.bulk import synced_at_the_end
from sync.domain.errors import InvalidInput
from sync.domain.times import local_text

DEFAULT_CHANNEL = "OTHER"
Progress = Callable[[int, int], None]


def import_file(
    desk: Desk,
    path: Path,
    map_path: Path,
    progress: Progress = lambda _done, _all: None,
    stop: Callable[[], bool] = lambda: False,
) -> Imported:
    """Import the first sheet. ``progress``: rows done, rows in all.

    The file is read whole first: a spoiled one changes nothing. A row without a received time (no such column) takes
    the present, one without a channel OTHER. An ``external_number`` that is here already is a reject, so running twice
    adds nothing; stopped or killed midway, run it again.
    """
    require_recording(desk.reader)
    mapping = read_mapping(map_path)
    sheet = read_workbook(path)
    run = _Run(desk, sheet, mapping, locate_columns(sheet, mapping))
    with synced_at_the_end(desk.store.database):
        return run.all_rows(progress, stop)


class _Run:
    """One import under way."""

    def __init__(self, desk: Desk, sheet: Sheet, mapping: Mapping, columns: tuple[Column, ...]) -> None:
        self._desk, self._sheet, self._mapping, self._columns = desk, sheet, mapping, columns
        self._villages = _village_names(desk)
        self._known = self._known_numbers()
        self._kind = desk.store.facts.unit_kind

    def all_rows(self, progress: Progress, stop: Callable[[], bool]) -> Imported:
        """Every row in order."""
        rejects: list[Reject] = []
        imported = 0
        for done, (number, cells) in enumerate(self._sheet.rows, 1):
            if stop():
                break
            reject = self._take(number, cells)
            if reject is None:
                imported += 1
            else:
                rejects.append(reject)
            progress(done, len(self._sheet.rows))
        return Imported(imported + len(rejects), imported, tuple(rejects))

    def _take(self, number: int, cells: tuple[object, ...]) -> Reject | None:
        try:
            parts = self._read(cells)
            external = self._external(parts)
            save_matter(self._desk, parts)
        except InvalidInput as trouble:
            field = str(trouble.values.get("field", ""))
            return Reject(number, heading_of(field, self._columns), trouble.code, dict(trouble.values))
        if external:
            self._known.add(external)
        return None

    def _read(self, cells: tuple[object, ...]) -> MatterInput | SealedInput:
        data = row_input(cells, self._columns, self._mapping, self._villages.get)
        data.setdefault("source_channel", DEFAULT_CHANNEL)
        if not self._fills("received_at"):
            data["received_at"] = local_text(self._desk.clock())
        parts = read_case(data, self._desk.directory(), self._kind)
        if isinstance(parts, MatterInput) and not parts.case.get("title") and not parts.case.get("content"):
            raise InvalidInput("import.no_text", field="content" if self._fills("content") else "title")
        return parts

    def _external(self, parts: MatterInput | SealedInput) -> str | None:
        external = parts.case.get("external_number") if isinstance(parts, MatterInput) else None
        if external is None and self._fills("external_number"):
            raise InvalidInput("import.no_external_number", field="external_number")
        if external in self._known:
            raise InvalidInput("import.already", field="external_number")
        return external

    def _fills(self, field: str) -> bool:
        return field in self._mapping.columns or field in self._mapping.defaults

    def _known_numbers(self) -> set[str]:
        """External numbers of the sheet that stand in the store already."""
        column = next((column for column in self._columns if column.field == "external_number"), None)
        if column is None:
            return set()
        cells = [row[column.index] for _, row in self._sheet.rows if column.index < len(row)]
        numbers = [tidy_latin(plain_text(cell)) for cell in cells if cell is not None]
        return set(self._desk.store.reading.existing("Case", "external_number", numbers))


def _village_names(desk: Desk) -> dict[str, str]:
    """Name → code of the own villages, names that occur once only."""
    names: dict[str, str] = {}
    twice = set()
    for place in villages(desk):
        if place.name in names:
            twice.add(place.name)
        names[place.name] = place.code
    return {name: code for name, code in names.items() if name not in twice}
