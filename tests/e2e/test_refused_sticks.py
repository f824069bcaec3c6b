"""Every stick and county backup that is not what it should be: exit code 1, one line, nothing changed."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from desktop.app import open_office
from sync.client.link import CountyLink
from sync.protocol.carried import CarriedKind, read_carried, write_carried, write_carried_parts
from sync.protocol.envelope import CHECKSUM_BYTES, Purpose, open_envelope, seal_envelope
from sync.protocol.keys import exchange_public, generate_exchange_key, generate_signing_key, signing_public
from sync.server.county import open_county
from tests.e2e.county import County, Office
from tests.e2e.near import NearCounty, NearOffice, near
from tests.e2e.samples import walk_in
from tests.e2e.test_refusals import refused
from tests.e2e.test_refused_files import spoilt

REQUEST, ANSWER = CarriedKind.EXCHANGE_REQUEST, CarriedKind.EXCHANGE_ANSWER
GUIYANG, ELSEWHERE = "431021", "431022"


@dataclass(frozen=True)
class Desk:
    """A town, its link, and a county used within the test's process."""

    county: NearCounty
    town: NearOffice
    link: CountyLink
    other: CountyLink
    """Of a second device of the same town."""

    def standing(self) -> tuple[Any, ...]:
        """Both sides as far as anything could have changed, and every byte of the profile."""
        files = {
            path.relative_to(self.town.folder): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.town.files()
            if "lock" not in path.name and not path.name.endswith(("-wal", "-shm"))
        }
        county = self.county.verify(self.town.unit), self.county.does("status", "--json").json
        return self.town.verify(), files, county


@pytest.fixture(scope="module")
def desk(county: County, unused_towns: Iterator[str]) -> Desk:
    town, links = near(county.enrol(next(unused_towns))), []
    for office in (town, near(county.enrol(town.unit))):
        office.exchange()
        links.append(_link(office))
    return Desk(NearCounty(county.home, county.scratch, county.port), town, links[0], links[1])


def _link(office: Office) -> CountyLink:
    opened = open_office(office.folder, office.passphrase.read_text(encoding="utf-8").strip())
    try:
        return opened._desk.link()
    finally:
        opened.close()


def again_whole(envelope: bytes) -> bytes:
    """An envelope whose checksum fits what was changed in it."""
    body = envelope[:-CHECKSUM_BYTES]
    return body + hashlib.sha256(body).digest()[:CHECKSUM_BYTES]


def newer_file(data: bytes) -> bytes:
    """The file as a later version would mark it."""
    body = data[:4] + b"\x02" + data[5:-32]
    return body + hashlib.sha256(body).digest()


def changed(envelope: bytes, at: int, value: int | None = None) -> bytes:
    """An envelope with one byte changed."""
    byte = envelope[at] ^ 1 if value is None else value
    return again_whole(envelope[:at] + bytes((byte,)) + envelope[at + 1 :])


def foreign_envelope(desk: Desk, purpose: Purpose) -> bytes:
    """What somebody with keys of his own sealed in the device's name."""
    public = exchange_public(generate_exchange_key())
    if purpose is Purpose.EXCHANGE_REQUEST:
        public = desk.link.card.exchange_key
    return seal_envelope(
        b"\x90", purpose=purpose, recipient_public=public, device=desk.link.device, signing_key=generate_signing_key()
    )


def open_sent(desk: Desk, envelope: bytes) -> bytes:
    """The payload of a request of the town's device."""
    with open_county(desk.county.home) as county:
        return open_envelope(
            envelope, purpose=Purpose.EXCHANGE_REQUEST, private_key=county.keys.exchange,
            signer=signing_public(desk.link.signing_private),
        )  # fmt: skip


def test_requests_at_the_county(desk: Desk, dice: random.Random, tmp_path: Path) -> None:
    desk.town.record("Reception", walk_in(dice))
    out, answer, bad = tmp_path / "out", tmp_path / "answer", tmp_path / "bad"
    desk.town.exchange("--carry-out", out)
    [good] = read_carried(out.read_bytes()).envelopes
    payload = open_sent(desk, good)
    stranger = replace(desk.link, device="ab" * 16)
    forged = replace(desk.other, device=desk.link.device)
    files = {
        "another county's": write_carried(REQUEST, ELSEWHERE, [good]),
        "a newer file": newer_file(out.read_bytes()),
        "a newer envelope": write_carried(REQUEST, GUIYANG, [changed(good, 4, 2)]),
        "of a device nobody knows": write_carried(REQUEST, GUIYANG, [stranger.seal(payload)]),
        "in another device's name": write_carried(REQUEST, GUIYANG, [forged.seal(payload)]),
        "somebody's own": write_carried(REQUEST, GUIYANG, [foreign_envelope(desk, Purpose.EXCHANGE_REQUEST)]),
        "changed, its checksum whole": write_carried(REQUEST, GUIYANG, [changed(good, len(good) // 2)]),
        "of another kind": write_carried(ANSWER, GUIYANG, [good]),
        "of another purpose": write_carried(REQUEST, GUIYANG, [desk.link.seal(payload, Purpose.COUNTY_DESK_REQUEST)]),
        "empty": write_carried(REQUEST, GUIYANG, []),
    }
    before = desk.standing()
    for name, data in files.items():
        bad.write_bytes(data)
        assert refused(desk.county.verb("accept", bad, "--answer", answer)), name
        assert not answer.exists(), name
    assert desk.standing() == before
    desk.county.does("accept", out, "--answer", answer)
    taken = desk.standing()
    answer.unlink()
    desk.county.does("accept", out, "--answer", answer)
    assert desk.standing() == taken
    desk.town.exchange("--carry-in", answer)
    assert desk.town.verify()["unsent"] == 0


def test_answers_at_the_town(desk: Desk, dice: random.Random, tmp_path: Path) -> None:
    desk.town.record("Reception", walk_in(dice))
    out, answer, bad = tmp_path / "out", tmp_path / "answer", tmp_path / "bad"
    desk.town.exchange("--carry-out", out)
    desk.county.does("accept", out, "--answer", answer)
    [request], [good] = (read_carried(path.read_bytes()).envelopes for path in (out, answer))
    public = exchange_public(desk.link.exchange_private)
    payload, _ = desk.link.open(good, request)
    with open_county(desk.county.home) as county:
        signing = county.keys.signing

    def answered(**other: Any) -> bytes:
        given: dict[str, Any] = {
            "purpose": Purpose.EXCHANGE_ANSWER, "recipient_public": public, "device": desk.link.device,
            "signing_key": signing, "bound_to": request,
        }  # fmt: skip
        return write_carried(ANSWER, GUIYANG, [seal_envelope(payload, **(given | other))])

    other_public = exchange_public(desk.other.exchange_private)
    parts = write_carried_parts(ANSWER, GUIYANG, [good, good], 1)
    files = {
        "another county's": write_carried(ANSWER, ELSEWHERE, [good]),
        "signed by another county": answered(signing_key=generate_signing_key()),
        "another device's": answered(device=desk.other.device, recipient_public=other_public),
        "sealed to another device": answered(recipient_public=other_public),
        "to another request": answered(bound_to=request + b"x"),
        "a newer file": newer_file(answer.read_bytes()),
        "a newer envelope": write_carried(ANSWER, GUIYANG, [changed(good, 4, 2)]),
        "changed, its checksum whole": write_carried(ANSWER, GUIYANG, [changed(good, len(good) // 2)]),
        "of another kind": write_carried(CarriedKind.ENROL_ANSWER, GUIYANG, [good]),
        "of another purpose": answered(purpose=Purpose.COUNTY_DESK_ANSWER),
        "the request": out.read_bytes(),
        "the second part alone": parts[1],
    }
    before = desk.standing()
    for name, data in files.items():
        bad.write_bytes(data)
        assert refused(desk.town.verb("exchange", "--carry-in", bad)), name
    assert desk.standing() == before
    desk.town.exchange("--carry-in", answer)
    taken = desk.standing()
    desk.town.exchange("--carry-in", answer)
    assert desk.standing()[::2] == taken[::2]  # only the note of the last exchange moved


def test_enrolment_by_file(desk: Desk, tmp_path: Path) -> None:
    town = near(desk.county.office_to_be(desk.town.unit))
    joining = ("--ticket", desk.county.ticket(desk.town.unit), "--user", "张明", "--role", "TOWN_CDI")
    ask, answer, bad = tmp_path / "ask", tmp_path / "answer", tmp_path / "bad"
    town.does("init", *joining, "--carry-out", ask)
    [good] = read_carried(ask.read_bytes()).envelopes
    kind = CarriedKind.ENROL_REQUEST
    before = desk.standing()
    for data in (
        *spoilt(ask.read_bytes()),
        newer_file(ask.read_bytes()),
        write_carried(kind, ELSEWHERE, [good]),
        write_carried(kind, GUIYANG, [changed(good, 4, 2)]),
        write_carried(kind, GUIYANG, [changed(good, len(good) // 2)]),
        write_carried(REQUEST, GUIYANG, [good]),
    ):
        bad.write_bytes(data)
        refused(desk.county.verb("accept", bad, "--answer", answer))
        assert not answer.exists()
    assert desk.standing() == before
    desk.county.does("accept", ask, "--answer", answer)
    [good] = read_carried(answer.read_bytes()).envelopes
    kind = CarriedKind.ENROL_ANSWER
    for data in (
        *spoilt(answer.read_bytes()),
        newer_file(answer.read_bytes()),
        write_carried(kind, ELSEWHERE, [good]),
        write_carried(kind, GUIYANG, [changed(good, 4, 2)]),
        write_carried(kind, GUIYANG, [changed(good, len(good) // 2)]),
        write_carried(ANSWER, GUIYANG, [good]),
    ):
        bad.write_bytes(data)
        refused(town.verb("init", *joining, "--carry-in", bad))
        assert not (town.folder / "vault.json").exists() and not (town.folder / "store.db").exists()
    town.does("init", *joining, "--carry-in", answer)


def test_backups_of_the_county(desk: Desk, tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    desk.county.does("backup", good)
    data = good.read_bytes()
    before = desk.standing()
    middle, lines = len(data) // 2, set()
    for spoiled in (
        *spoilt(data),
        data[:4] + b"\x02" + data[5:],
        data[:middle],
        data.replace(GUIYANG.encode(), ELSEWHERE.encode(), 1),
        desk.town.paper({}).read_bytes(),
    ):
        bad.write_bytes(spoiled)
        lines.add(refused(desk.county.verb("restore", bad)))
    lines.add(refused(desk.county.verb("restore", tmp_path / "nothing")))
    assert len(lines) == 4  # damaged, newer, another county's, none
    assert desk.standing() == before
