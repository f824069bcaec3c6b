"""The county office's table of sticks: carried files and attachment files go to the server unopened, answers back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from desktop.services.attaching.passing import BlobPassing
from desktop.services.desk import Desk
from desktop.services.exchanging import Borrow, at_once
from desktop.services.permissions import require_recording
from desktop.services.problem_shapes import BatchRow
from sync.client.county_desk import ask_towns, hand_over
from sync.client.desk_blobs import BlobErrands
from sync.client.link import CountyLink
from sync.client.transport import HttpsTransport
from sync.domain.errors import LiandongError, NotAllowed, Refused, Unreachable
from sync.private_files import open_private
from sync.protocol.county_desk import BatchAnswer, TownsAnswer
from sync.protocol.limits import MAX_POSTED_CARRIED

ANSWER_SECONDS = 180.0
"""A stick of a year's work takes the server a while."""


def take_batches(
    desk: Desk,
    paths: list[Path],
    told: Callable[[BatchRow], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    borrow: Borrow = at_once,
) -> list[BatchRow]:
    """Hand over the files one after another; ``told`` hears of each at once. A file that cannot be taken is a row too.

    Raises NotAllowed where this is no desk of the county, Unreachable where the server is gone: rows told stay done.
    """
    link = borrow(lambda: _county_link(desk))
    rows: list[BatchRow] = []
    with HttpsTransport(link.card, ANSWER_SECONDS, MAX_POSTED_CARRIED) as transport:
        for path in paths:
            if stop():
                break
            try:
                answer, parts = hand_over(link, transport, _read(path), desk.clock())
                row = _row(path, answer, _write_back(path, parts))
            except Refused as error:
                row = _refused(path, error)
            lost: Unreachable | None = None
            if row.kind == "exchange" and row.answers:
                row, lost = _with_blobs(BlobErrands(link, transport, desk.clock), path, row, stop)
            rows.append(row)
            told(row)
            if lost is not None:
                raise lost
    return rows


def _with_blobs(
    errands: BlobErrands, path: Path, row: BatchRow, stop: Callable[[], bool]
) -> tuple[BatchRow, Unreachable | None]:
    """The row with its attachment files passed on; what is not is told with it, and the server's going apart."""
    stem = row.answers[0] if len(row.answers) == 1 else row.answers[0].removesuffix(".1")
    passing = BlobPassing(errands, path, path.with_name(stem), stop)
    lost: Unreachable | None = None
    problem: LiandongError | None = None
    try:
        passing.run()
    except Unreachable as error:
        lost = error
    except Refused as error:
        problem = error
    return replace(row, blobs=passing.counts, blob_problem=problem), lost


def towns(desk: Desk, borrow: Borrow = at_once) -> TownsAnswer:
    """How the towns stand, by the server's word. Raises as :func:`take_batches`."""
    link = borrow(lambda: _county_link(desk))
    with HttpsTransport(link.card) as transport:
        return ask_towns(link, transport, desk.clock())


def _county_link(desk: Desk) -> CountyLink:
    require_recording(desk.reader)
    facts = desk.store.facts
    if facts.unit != facts.county:
        raise NotAllowed("desk.county_only")
    return desk.link()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_POSTED_CARRIED + 1)
    except OSError as error:
        raise Refused("exchange_screen.cannot_read", file=path.name) from error


def _write_back(path: Path, parts: list[bytes]) -> tuple[str, ...]:
    """Beside the file it answers, never over anything."""
    stem = _free_stem(path, len(parts))
    names = [stem] if len(parts) == 1 else [f"{stem}.{number}" for number in range(1, len(parts) + 1)]
    try:
        for name, data in zip(names, parts, strict=True):
            with open_private(path.with_name(name)) as file:
                file.write(data)
    except OSError as error:
        raise Refused("exchange_screen.cannot_write", file=names[0]) from error
    return tuple(names)


def _free_stem(path: Path, parts: int) -> str:
    stem, number = f"{path.name}.answer", 1
    while path.with_name(stem).exists() or (parts > 1 and path.with_name(f"{stem}.1").exists()):
        number += 1
        stem = f"{path.name}.answer-{number}"
    return stem


def _row(path: Path, answer: BatchAnswer, names: tuple[str, ...]) -> BatchRow:
    return BatchRow(
        file=path.name,
        state=answer.state,
        kind=answer.kind,
        unit=answer.unit,
        unit_name=answer.unit_name,
        code=answer.code,
        outcomes=answer.outcomes,
        answers=names,
        problem=answer.problem,
        values=dict(answer.values),
    )


def _refused(path: Path, error: LiandongError) -> BatchRow:
    """A file that could not be read, or whose answer could not be written."""
    values = {name: value if isinstance(value, int) else str(value) for name, value in error.values.items()}
    return BatchRow(path.name, "damaged", "", "", "", "", {}, (), error.code, dict(values))
