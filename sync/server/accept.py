"""Take carried files, of exchange or enrolment, and write their answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from sync.domain.errors import Damaged, LiandongError, Refused
from sync.protocol.carried import (
    CarriedFile,
    CarriedKind,
    carried_code,
    read_carried,
    write_carried,
    write_carried_parts,
)
from sync.protocol.envelope import read_header
from sync.protocol.limits import MAX_CARRIED_BYTES
from sync.server.blob_stick import BlobsMoved, move_blobs
from sync.server.county import County, now_ms
from sync.server.enrolment import enrol
from sync.server.exchange import Exchanged, exchange, exchange_all, seal_for_sender
from sync.server.files import read_named, write_new
from sync.server.storage import tables


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of one file. ``needs_person``: something was quarantined, held, refused or waits."""

    file: Path
    answers: tuple[Path, ...]
    kind: str
    outcomes: dict[str, int]
    needs_person: bool
    state: str = "accepted"
    """accepted, repeat (all of it was taken before), or quarantined (something was set apart, held or refused)."""
    code: str = ""
    """What the town's slip shows of the file, to compare by eye."""
    blobs: BlobsMoved = BlobsMoved()
    """Files of attachments that lay beside the file, and those written beside its answer."""

    def as_json(self) -> dict[str, Any]:
        """The JSON of ``accept --json``."""
        return {
            "file": str(self.file),
            "answers": [str(path) for path in self.answers],
            "kind": self.kind,
            "outcomes": self.outcomes,
            "needs_person": self.needs_person,
            "state": self.state,
            "code": self.code,
            "blobs": {"taken": self.blobs.taken, "given": self.blobs.given, "refused": self.blobs.refused},
        }


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers to the requests of one file in order, what became of its changes, and in a word (see ``Accepted``)."""

    envelopes: list[bytes]
    outcomes: Counter[str]
    state: str


def accept_files(county: County, files: Sequence[Path], answer: Path) -> list[Accepted]:
    """Read all files first: one that is none refuses them all, and nothing changed.

    Raises Damaged ``carried.*``, Refused ``county.file_unreadable``, ``county.file_exists``, ``county.carried_kind``.
    """
    read = [(path, *_read(county, path)) for path in files]
    into_folder = len(files) > 1 or answer.is_dir()
    targets = _targets(files, answer) if into_folder else [answer]
    for target in targets:
        if target.exists():
            raise Refused("county.file_exists", file=target)
    return [
        replace(_accept(county, path, file, target), code=code)
        for (path, file, code), target in zip(read, targets, strict=True)
    ]


def _targets(files: Sequence[Path], folder: Path) -> list[Path]:
    """A name for each answer; files of one name from different sticks get answers of different names."""
    taken: Counter[str] = Counter()
    targets = []
    for path in files:
        taken[path.stem] += 1
        number = taken[path.stem]
        targets.append(folder / (f"{path.stem}.answer" if number == 1 else f"{path.stem}-{number}.answer"))
    return targets


def _read(county: County, path: Path) -> tuple[CarriedFile, str]:
    """A file and its code."""
    data = read_named(path, MAX_CARRIED_BYTES)
    file = read_carried(data)
    if file.county != county.code:
        raise Refused("county.carried_foreign", file=path, county=file.county)
    if file.kind not in (CarriedKind.EXCHANGE_REQUEST, CarriedKind.ENROL_REQUEST) or not file.envelopes:
        raise Refused("county.carried_kind", file=path)
    return file, carried_code(data)


def _accept(county: County, path: Path, file: CarriedFile, target: Path) -> Accepted:
    if file.kind is CarriedKind.ENROL_REQUEST:
        return _enrol(county, path, file, target)
    done = answer_requests(county, file.envelopes)
    parts = write_carried_parts(CarriedKind.EXCHANGE_ANSWER, county.code, done.envelopes)
    needs_person = done.state == "quarantined"
    accepted = Accepted(path, _write_parts(parts, target), "exchange", dict(done.outcomes), needs_person, done.state)
    return replace(accepted, blobs=move_blobs(county, path, target))


def answer_requests(county: County, envelopes: Sequence[bytes]) -> Answered:
    """Answer the requests of one carried file; a known device that is refused gets its refusal sealed.

    Raises what :func:`exchange` raises for a device nobody knows, and Damaged where the first request is not what its
    device sent: nothing is taken then.
    """
    answers: list[bytes] = []
    outcomes: Counter[str] = Counter()
    refused = False
    before = _log_number(county)
    for number, envelope in enumerate(envelopes, start=1):
        try:
            done = _exchange(county, envelope, last=number == len(envelopes))
        except LiandongError as error:
            unproven = isinstance(error, Damaged) and not answers
            sealed = None if unproven else seal_for_sender(county, error, envelope)
            if sealed is None:
                raise
            refused = True
            answers.append(sealed)
            continue
        answers += [item.answer for item in done]
        outcomes.update(done[0].outcomes)
    return Answered(answers, outcomes, _state(county, envelopes, outcomes, refused, before))


def _state(county: County, envelopes: Sequence[bytes], outcomes: Counter[str], refused: bool, before: int) -> str:
    if refused or outcomes["quarantined"] or outcomes["held"]:
        return "quarantined"
    if not outcomes:
        return "accepted"
    return "accepted" if _came_since(county, read_header(envelopes[0]).device, before) else "repeat"


def _log_number(county: County) -> int:
    columns = tables.county.c
    with county.engine.connect() as connection:
        return int(connection.execute(select(columns.log_number).where(columns.code == county.code)).scalar_one())


def _came_since(county: County, device: str, number: int) -> int:
    """How many changes of a device were taken after a line of the log."""
    log = tables.change_log.c
    query = select(func.count()).where(log.county == county.code, log.number > number, log.device == device)
    with county.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def _exchange(county: County, envelope: bytes, last: bool) -> list[Exchanged]:
    """Pages to the head answer the last request of a file; those before it get their results and first page."""
    return exchange_all(county, envelope, now_ms()) if last else [exchange(county, envelope, now_ms())]


def _enrol(county: County, path: Path, file: CarriedFile, target: Path) -> Accepted:
    done = [enrol(county, envelope, now_ms()) for envelope in file.envelopes]
    data = write_carried(CarriedKind.ENROL_ANSWER, county.code, [item.answer for item in done])
    write_new(target, data)
    outcomes: dict[str, int] = {}
    for item in done:
        word = item.refusal or "enrolled"
        outcomes[word] = outcomes.get(word, 0) + 1
    refused = any(item.refusal for item in done)
    return Accepted(path, (target,), "enrolment", outcomes, refused, "quarantined" if refused else "accepted")


def _write_parts(parts: Sequence[bytes], target: Path) -> tuple[Path, ...]:
    if len(parts) == 1:
        write_new(target, parts[0])
        return (target,)
    paths = tuple(target.with_name(f"{target.name}.{number}") for number in range(1, len(parts) + 1))
    for path, data in zip(paths, parts, strict=True):
        write_new(path, data)
    return paths
