"""Take carried files, of exchange or enrolment, and write their answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sync.domain.errors import LiandongError, Refused
from sync.protocol.carried import CarriedFile, CarriedKind, read_carried, write_carried, write_carried_parts
from sync.server.blob_stick import BlobsMoved, move_blobs
from sync.server.county import County, now_ms
from sync.server.enrolment import enrol
from sync.server.exchange import Exchanged, exchange, exchange_all, seal_for_sender
from sync.server.files import write_new


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of one file. ``needs_person``: something was quarantined, held, refused or waits."""

    file: Path
    answers: tuple[Path, ...]
    kind: str
    outcomes: dict[str, int]
    needs_person: bool
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
            "blobs": {"taken": self.blobs.taken, "given": self.blobs.given, "refused": self.blobs.refused},
        }


def accept_files(county: County, files: Sequence[Path], answer: Path) -> list[Accepted]:
    """Read all files first: one that is none refuses them all, and nothing changed.

    Raises Damaged ``carried.*``, Refused ``county.file_unreadable``, ``county.file_exists``, ``county.carried_kind``.
    """
    read = [(path, _read(county, path)) for path in files]
    into_folder = len(files) > 1 or answer.is_dir()
    targets = [answer / f"{path.stem}.answer" if into_folder else answer for path in files]
    for target in targets:
        if target.exists():
            raise Refused("county.file_exists", file=target)
    return [_accept(county, path, file, target) for (path, file), target in zip(read, targets, strict=True)]


def _read(county: County, path: Path) -> CarriedFile:
    try:
        file = read_carried(path.read_bytes())
    except OSError as error:
        raise Refused("county.file_unreadable", file=path, reason=error.strerror or "") from error
    if file.county != county.code:
        raise Refused("county.carried_foreign", file=path, county=file.county)
    if file.kind not in (CarriedKind.EXCHANGE_REQUEST, CarriedKind.ENROL_REQUEST):
        raise Refused("county.carried_kind", file=path)
    return file


def _accept(county: County, path: Path, file: CarriedFile, target: Path) -> Accepted:
    if file.kind is CarriedKind.ENROL_REQUEST:
        return _enrol(county, path, file, target)
    envelopes: list[bytes] = []
    outcomes: dict[str, int] = {}
    refused = False
    for number, envelope in enumerate(file.envelopes, start=1):
        try:
            done = _exchange(county, envelope, last=number == len(file.envelopes))
        except LiandongError as error:
            sealed = seal_for_sender(county, error, envelope)
            if sealed is None:
                raise
            refused = True
            envelopes.append(sealed)
            continue
        envelopes += [item.answer for item in done]
        for outcome, count in done[0].outcomes.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + count
    parts = write_carried_parts(CarriedKind.EXCHANGE_ANSWER, county.code, envelopes)
    needs_person = refused or bool({"quarantined", "held"} & outcomes.keys())
    accepted = Accepted(path, _write_parts(parts, target), "exchange", outcomes, needs_person)
    return replace(accepted, blobs=move_blobs(county, path, target))


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
    return Accepted(path, (target,), "enrolment", outcomes, any(item.refusal for item in done))


def _write_parts(parts: Sequence[bytes], target: Path) -> tuple[Path, ...]:
    if len(parts) == 1:
        write_new(target, parts[0])
        return (target,)
    paths = tuple(target.with_name(f"{target.name}.{number}") for number in range(1, len(parts) + 1))
    for path, data in zip(paths, parts, strict=True):
        write_new(path, data)
    return paths
