"""Files beside a stick through the county's desk: up, down, resumed, refused one by one; nobody else is served."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop.services.attaching.passing import BlobPassing
from sync.client.blobs import Asking
from sync.client.desk_blobs import BlobErrands
from sync.domain.errors import Damaged, Refused, Unreachable
from sync.protocol.blob_note import blob_ending, note_name
from sync.protocol.blob_request import CARRY, GET
from sync.protocol.county_desk import join_pieces, split_pieces
from sync.protocol.desk_blobs import BlobErrand
from sync.protocol.envelope import Purpose
from sync.protocol.messages import encode_message
from sync.server.blobs import BlobFiles
from sync.server.county import County, now_ms
from sync.server.desk_blobs import answer_errand
from tests.server.devices import Device, enrolled
from tests.server.test_blob_stick import receipt, stick
from tests.server.test_blobs import prepared


@dataclass
class Straight:
    """A transport without a wire, which may break after some requests."""

    county: County
    lasts: int = 1_000
    bodies: list[bytes] = field(default_factory=list)

    def post(self, path: str, body: bytes) -> bytes:
        assert path == "/v1/county/blobs"
        self.lasts -= 1
        if self.lasts < 0:
            raise Unreachable("exchange.unreachable")
        self.bodies.append(body)
        return answer_errand(self.county, body)


def passing(office: Device, request: Path, answer: Path, lasts: int = 1_000) -> BlobPassing:
    errands = BlobErrands(office.enrolled.link(), Straight(office.county, lasts), now_ms)
    return BlobPassing(errands, request, answer)


def counts(one: BlobPassing) -> tuple[int, int, int, int]:
    return one.counts.taken, one.counts.given, one.counts.refused, one.counts.left


def test_up_and_down_with_a_receipt(county: County, town: Device, office: Device, tmp_path: Path) -> None:
    _, need, shelf = prepared(county, town)
    request, answer = stick(town, tmp_path, [Asking(CARRY, need, 0, need.bytes)], shelf.files)
    up = passing(office, request, answer)
    up.run()
    assert counts(up) == (1, 0, 0, 0) and receipt(county, town, answer) == {need.name}
    assert (BlobFiles(county.home.folder).folder / need.name).read_bytes() == shelf.files[need.name]
    again = passing(office, request, tmp_path / "again.answer")
    again.run()
    assert counts(again) == (0, 0, 0, 0) and receipt(county, town, tmp_path / "again.answer") == {need.name}
    second, folder = enrolled(county, town.unit), tmp_path / "second"
    folder.mkdir()
    request, answer = stick(second, folder, [Asking(GET, need)], {})
    down = passing(office, request, answer)
    down.run()
    assert counts(down) == (0, 1, 0, 0)
    assert answer.with_name(answer.name + blob_ending(need.name)).read_bytes() == shelf.files[need.name]
    assert sorted(path.suffix for path in folder.iterdir()) == [".blob", ".blobs", ".blobs"]


def test_cut_off_it_goes_on_where_the_server_stands(
    county: County, town: Device, office: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.attaching.passing._PIECE_BYTES", 1_000)
    _, need, shelf = prepared(county, town)
    pieces = -(-need.bytes // 1_000)
    assert pieces > 3
    request, answer = stick(town, tmp_path, [Asking(CARRY, need, 0, need.bytes)], shelf.files)
    cut = passing(office, request, answer, lasts=3)
    with pytest.raises(Unreachable):
        cut.run()
    assert counts(cut) == (0, 0, 0, 1) and not answer.with_name(note_name(answer.name)).exists()
    rest = passing(office, request, answer)
    rest.run()
    assert counts(rest) == (1, 0, 0, 0) and receipt(county, town, answer) == {need.name}
    assert isinstance(rest.errands.transport, Straight)
    assert len(rest.errands.transport.bodies) == pieces - 2 + 2
    stopped = BlobPassing(rest.errands, *stick(town, tmp_path, [Asking(GET, need)], {}), lambda: True)
    stopped.run()
    assert counts(stopped) == (0, 0, 0, 1) and not list(tmp_path.glob("*.new"))


def test_what_does_not_fit_is_counted_and_the_rest_goes_on(
    county: County, town: Device, other_town: Device, office: Device, tmp_path: Path
) -> None:
    (_, bad, spoilt), (_, good, sound) = prepared(county, town), prepared(county, town)
    files = {bad.name: spoilt.files[bad.name][:-1] + b"\0", **{good.name: sound.files[good.name]}}
    asked = [Asking(CARRY, need, 0, need.bytes) for need in (bad, good)]
    request, answer = stick(town, tmp_path, asked, files)
    one = passing(office, request, answer)
    one.run()
    assert counts(one) == (1, 0, 1, 0) and receipt(county, town, answer) == {good.name}
    assert not (BlobFiles(county.home.folder).folder / bad.name).exists()
    folder = tmp_path / "other"
    folder.mkdir()
    request, answer = stick(other_town, folder, [Asking(GET, good), Asking(CARRY, bad)], files)
    other = passing(office, request, answer)
    other.run()
    assert counts(other) == (0, 0, 2, 0) and not list(folder.glob("*answer*"))
    request.with_name(note_name(request.name)).write_bytes(b"none")
    with pytest.raises(Damaged, match=r"blobs\.note"):
        passing(office, request, answer).run()


def test_only_the_countys_own_devices_run_errands_and_pieces_are_bound(
    county: County, town: Device, office: Device, tmp_path: Path
) -> None:
    _, need, shelf = prepared(county, town)
    request, answer = stick(town, tmp_path, [Asking(CARRY, need, 0, need.bytes)], shelf.files)
    with pytest.raises(Refused, match=r"desk\.county_only"):
        passing(town, request, answer).run()
    note = passing(office, request, answer)._headers()
    errands = BlobErrands(office.enrolled.link(), Straight(county), now_ms)
    errands.take(note[0], 0, shelf.files[need.name][:10])
    assert isinstance(errands.transport, Straight)
    envelope, _ = split_pieces(errands.transport.bodies[-1])
    for pieces in ([envelope, b"else"], [envelope], [envelope, shelf.files[need.name][:10], b""]):
        with pytest.raises(Refused, match=r"desk\.other_file"):
            answer_errand(county, join_pieces(pieces))
    link, headers = office.enrolled.link(), (note[0],)
    for act, named in (("BRING", headers), ("TAKE", ()), ("ELSE", headers), ("LOOK", headers * 1_001)):
        errand = encode_message(BlobErrand(1, office.enrolled.device, now_ms(), act, named, 0, 10))
        with pytest.raises(Damaged, match=r"blobs\.request"):
            answer_errand(county, join_pieces([link.seal(errand, Purpose.COUNTY_BLOBS_REQUEST)]))
