"""Files of attachments beside carried files: up with the request, down with the answer, told by a signed receipt."""

from pathlib import Path

import pytest

from sync.client.blobs import Asking, signed_header
from sync.domain.errors import Damaged
from sync.protocol.blob_note import (
    MOST_REQUESTS,
    blob_ending,
    note_name,
    open_receipt,
    read_note,
    sign_receipt,
    write_note,
)
from sync.protocol.blob_request import CARRY, GET
from sync.protocol.keys import generate_signing_key, signing_public
from sync.server.blob_stick import move_blobs
from sync.server.blobs import BlobFiles
from sync.server.county import County, now_ms
from tests.server.devices import Device, enrolled
from tests.server.test_blobs import Need, prepared


def stick(device: Device, folder: Path, asked: list[Asking], files: dict[str, bytes]) -> tuple[Path, Path]:
    """Request and answer of a stick; both names stand for carried files."""
    request, answer = folder / "town.ld", folder / "town.answer"
    link = device.enrolled.link()
    note = write_note([signed_header(link, asking, now_ms() - 30 * 86_400_000) for asking in asked])
    request.with_name(note_name(request.name)).write_bytes(note)
    for name, data in files.items():
        request.with_name(request.name + blob_ending(name)).write_bytes(data)
    return request, answer


def receipt(county: County, device: Device, answer: Path) -> frozenset[str]:
    data = answer.with_name(note_name(answer.name)).read_bytes()
    return open_receipt(data, county.code, device.enrolled.device, county.card.signing_key)


def test_up_and_down(county: County, town: Device, tmp_path: Path) -> None:
    _, need, shelf = prepared(county, town)
    request, answer = stick(town, tmp_path, [Asking(CARRY, need, 0, need.bytes)], shelf.files)
    moved = move_blobs(county, request, answer)
    assert (moved.taken, moved.given, moved.refused) == (1, 0, 0)
    assert receipt(county, town, answer) == {need.name}
    assert (BlobFiles(county.home.folder).folder / need.name).read_bytes() == shelf.files[need.name]
    second, folder = enrolled(county, town.unit), tmp_path / "second"
    folder.mkdir()
    request, answer = stick(second, folder, [Asking(GET, need)], {})
    assert move_blobs(county, request, answer).given == 1
    assert answer.with_name(answer.name + blob_ending(need.name)).read_bytes() == shelf.files[need.name]
    with pytest.raises(Damaged):
        receipt(county, town, answer)


def test_what_is_not_the_units_or_damaged_is_left(
    county: County, town: Device, other_town: Device, tmp_path: Path
) -> None:
    _, need, shelf = prepared(county, town)
    spoiled = {need.name: shelf.files[need.name][:-1] + b"\0"}
    request, answer = stick(town, tmp_path, [Asking(CARRY, need, 0, need.bytes)], spoiled)
    assert move_blobs(county, request, answer).refused == 1 and not list(tmp_path.glob("*answer*"))
    assert not (BlobFiles(county.home.folder).folder / need.name).exists()
    request, answer = stick(other_town, tmp_path, [Asking(GET, need), Asking(CARRY, need)], shelf.files)
    assert move_blobs(county, request, answer).refused == 2 and not list(tmp_path.glob("*answer*"))
    request, answer = stick(town, tmp_path, [Asking(CARRY, Need(need.name, need.record, 1))], {})
    (tmp_path / f"town.ld{blob_ending(need.name)}").unlink()
    assert move_blobs(county, request, answer).taken == 0 and receipt(county, town, answer) == frozenset()


def test_notes_and_receipts_are_strict() -> None:
    key, other = generate_signing_key(), generate_signing_key()
    good = sign_receipt("431021", "d", ["a"], key)
    assert open_receipt(good, "431021", "d", signing_public(key)) == {"a"}
    tries = [(good, "431022", "d", key), (good, "431021", "e", key), (good, "431021", "d", other), (b"", "4", "d", key)]
    for data, county, device, signer in [*tries, (good[:-1] + bytes([good[-1] ^ 1]), "431021", "d", key)]:
        with pytest.raises(Damaged):
            open_receipt(data, county, device, signing_public(signer))
    for bad in (b"", b"\x80", good, write_note(["x"]) + b"\0"):
        with pytest.raises(Damaged):
            read_note(bad)
    assert len(read_note(write_note(["x"] * (MOST_REQUESTS + 1)))) == MOST_REQUESTS
