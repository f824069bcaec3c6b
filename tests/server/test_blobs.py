"""Files of attachments at the county: only for who may, resumed, whole only when proven."""

import io
from dataclasses import dataclass, replace

import pytest

from sync.client.blobs import Asking, BlobCarrier, signed_header
from sync.domain.attachment_record import Attachment
from sync.domain.errors import Damaged, Refused, Unreachable
from sync.domain.ids import RecordId, new_record_id
from sync.protocol.blob_request import GET, HEADER, PATH, PUT, WINDOW_MS
from sync.protocol.sealed_stream import new_key, seal_stream
from sync.server.blob_routes import answer_blob
from sync.server.blobs import BlobFiles
from sync.server.county import County, now_ms
from sync.server.devices import revoke_device
from tests.server.devices import Device, enrolled


@dataclass(frozen=True)
class Need:
    name: str
    record: str
    bytes: int


class Shelf:
    """Files in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.parts: dict[str, bytes] = {}

    def read_piece(self, name: str, offset: int, length: int) -> bytes:
        return self.files[name][offset : offset + length]

    def part_bytes(self, name: str) -> int:
        return len(self.parts.get(name, b""))

    def add_part(self, name: str, offset: int, data: bytes) -> None:
        self.parts[name] = self.parts.get(name, b"")[:offset] + data

    def finish_part(self, name: str) -> None:
        self.files[name] = self.parts.pop(name)


@dataclass
class Line:
    """The county without the wire; it breaks after ``left`` requests."""

    county: County
    left: int = 10_000
    moved: int = 0

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        if not self.left:
            raise Unreachable("exchange.broken")
        self.left -= 1
        answer = answer_blob(self.county, method, path.removeprefix(PATH), headers[HEADER], body)
        self.moved += len(body) + (len(answer) if method == GET else 0)
        return answer


def sealed(size: int = 600_000) -> tuple[str, bytes, bytes]:
    target, key = io.BytesIO(), new_key()
    done = seal_stream([bytes(size)], target, key)
    return done.name, target.getvalue(), key


def attach(device: Device, case: str, name: str, key: bytes, size: int = 600_000) -> Attachment:
    made = Attachment(
        id=new_record_id(), unit=device.unit, created_at=now_ms(), author="张明", about_kind="Case",
        about=RecordId(case), name="a.jpg", media_type="image/jpeg", size=size, blob=name, key=key,
    )  # fmt: skip
    assert device.result(device.change(device.create(made, case))).outcome == "accepted"
    return made


def carrier(device: Device, line: Line, shelf: Shelf) -> BlobCarrier:
    return BlobCarrier(device.enrolled.link(), shelf, line, now_ms)


def prepared(county: County, device: Device) -> tuple[str, Need, Shelf]:
    case, body = device.register()
    device.send(body)
    name, data, key = sealed()
    made = attach(device, case.id, name, key)
    shelf = Shelf()
    shelf.files[name] = data
    return case.id, Need(name, made.id, len(data)), shelf


def test_a_file_goes_up_resumes_and_comes_down(county: County, town: Device) -> None:
    _, need, shelf = prepared(county, town)
    broken = Line(county, left=4)
    with pytest.raises(Unreachable):
        carrier(town, broken, shelf).push(need)
    rest = Line(county)
    assert carrier(town, rest, shelf).push(need)
    assert 0 < broken.moved < need.bytes and broken.moved + rest.moved == need.bytes
    assert carrier(town, again := Line(county), shelf).push(need) and again.moved == 0
    path = BlobFiles(county.home.folder).folder / need.name
    assert path.read_bytes() == shelf.files[need.name] and path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    second, fetched = enrolled(county, town.unit), Shelf()
    with pytest.raises(Unreachable):
        carrier(second, Line(county, left=3), fetched).fetch(need)
    assert 0 < fetched.part_bytes(need.name) < need.bytes
    assert carrier(second, Line(county), fetched).fetch(need)
    assert fetched.files[need.name] == shelf.files[need.name]


def test_who_may_not_see_the_dossier_gets_nothing(county: County, town: Device, other_town: Device) -> None:
    _, need, shelf = prepared(county, town)
    assert carrier(town, Line(county), shelf).push(need)
    for move in (carrier(other_town, Line(county), Shelf()).fetch, carrier(other_town, Line(county), shelf).push):
        with pytest.raises(Refused, match=r"blobs\.unknown"):
            move(need)
    for wrong in (replace(need, record="0" * 32), replace(need, name="0" * 64)):
        with pytest.raises(Refused, match=r"blobs\.unknown"):
            carrier(town, Line(county), Shelf()).fetch(wrong)
    own, body = other_town.register()
    other_town.send(body)
    attach(other_town, own.id, need.name, b"k" * 32)
    with pytest.raises(Refused, match=r"blobs\.unknown"):
        carrier(other_town, Line(county), Shelf()).fetch(need)


def test_who_is_handed_the_case_gets_the_file(county: County, town: Device, other_town: Device) -> None:
    case, need, shelf = prepared(county, town)
    assert carrier(town, Line(county), shelf).push(need)
    town.send(town.act(case, "FORWARD", to_unit=other_town.unit, method="FORWARD"))
    assert carrier(other_town, Line(county), fetched := Shelf()).fetch(need) and fetched.files
    office = enrolled(county, county.code, "COUNTY_OFFICE")
    assert carrier(office, Line(county), Shelf()).fetch(need)


def ask(county: County, device: Device, asking: Asking, skew: int = 0) -> bytes:
    header = signed_header(device.enrolled.link(), asking, now_ms() + skew)
    return answer_blob(county, asking.method, asking.need.name, header, asking.body)


def test_a_request_says_one_thing_at_one_time(county: County, town: Device) -> None:
    _, need, _ = prepared(county, town)
    for skew in (-2 * WINDOW_MS, 2 * WINDOW_MS):
        with pytest.raises(Refused, match=r"blobs\.stale"):
            ask(county, town, Asking(PUT, need), skew)
    header = signed_header(town.enrolled.link(), Asking(PUT, need, 0, 4, b"good"), now_ms())
    for method, name, body in ((GET, need.name, b""), (PUT, "1" * 64, b"good"), (PUT, need.name, b"evil")):
        with pytest.raises(Damaged, match=r"blobs\.request"):
            answer_blob(county, method, name, header, body)
    for bad in ("", "a.b", "..", header[:-8] + "AAAAAAA=", "A" * 5000 + ".A", header.replace(".", "!")):
        with pytest.raises(Damaged):
            answer_blob(county, PUT, need.name, bad, b"good")
    other = enrolled(county, town.unit)
    link = replace(town.enrolled.link(), signing_private=other.enrolled.link().signing_private)
    with pytest.raises(Damaged, match="signature"):
        answer_blob(county, PUT, need.name, signed_header(link, Asking(PUT, need), now_ms()), b"")
    with pytest.raises(Refused, match=r"blobs\.not_here"):
        ask(county, town, Asking(GET, need, 0, 10))
    strange = (
        Asking(GET, need, -1, 10),
        Asking(GET, need, 1 << 63, 10),
        Asking(GET, need, need.bytes, 10),
        Asking(GET, need),
    )
    names = (replace(need, record="a\0"), replace(need, name="../county.json"), replace(need, record="x" * 32))
    for asking in (*strange, *(Asking(GET, name, 0, 10) for name in names)):
        with pytest.raises(Damaged, match=r"blobs\.request"):
            ask(county, town, asking)


def test_a_wrong_file_is_never_whole(county: County, town: Device) -> None:
    _, need, shelf = prepared(county, town)
    good = shelf.files[need.name]
    shelf.files[need.name] = good[:-1] + bytes((good[-1] ^ 1,))
    with pytest.raises(Damaged, match=r"blobs\.damaged"):
        carrier(town, Line(county), shelf).push(need)
    with pytest.raises(Damaged, match=r"blobs\.request"):
        ask(county, town, Asking(PUT, need, 0, need.bytes + 1, bytes(need.bytes + 1)))
    shelf.files[need.name] = good
    assert carrier(town, Line(county), shelf).push(need)


def test_a_revoked_device_is_shut_out(county: County) -> None:
    device = enrolled(county, "431021001")
    _, need, shelf = prepared(county, device)
    revoke_device(county, device.enrolled.device, now_ms())
    with pytest.raises(Refused, match="device_revoked"):
        carrier(device, Line(county), shelf).push(need)
