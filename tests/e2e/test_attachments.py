"""A scan attached in a township is opened at the county, after kills, by nobody else; nothing of it lies in plain."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from tests.e2e.county import County, Office

SIZE = 9_000_000
MARK = "只在附件里的一句话".encode()
CLAIM = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": "CLAIM", "title": "水渠"}


def scan(folder: Path) -> Path:
    path = folder / "scan.pdf"
    path.write_bytes(b"%PDF-1.7 " + MARK + hashlib.shake_128(b"scan").digest(SIZE) + MARK)
    return path


def blobs(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "blobs").glob("*") if len(path.name) == 64)


def test_by_wire_with_kills(
    county: County, county_office: Office, new_town: Callable[[], Office], tmp_path: Path
) -> None:
    town, other = new_town(), new_town()
    before = set(blobs(county.home))
    paper = scan(tmp_path)
    case = town.record("Case", CLAIM)["id"]
    made = town.does("attach", "Case", case, "--file", paper, "--title", "来信").json
    assert (set(made), made["size"]) == ({"id", "blob", "size", "warnings"}, paper.stat().st_size)
    town.killed("exchange", after=1.2)
    assert town.exchange().json["blobs_waiting"] == 0
    county_office.killed("exchange", after=1.2)
    other.exchange()
    assert county_office.exchange().json["blobs_waiting"] == 0
    assert [row["id"] for row in county_office.listed("Attachment") if row["blob"] == made["blob"]] == [made["id"]]
    county_office.does("attachment", made["id"], "--out", tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes() == paper.read_bytes()
    assert [path.name for path in set(blobs(county.home)) - before] == [made["blob"]]
    assert not blobs(other.folder) and other.verb("attachment", made["id"], "--out", tmp_path / "x").code == 1
    for folder in (town.folder, county_office.folder, county.home):
        for path in folder.rglob("*"):
            assert not path.is_file() or MARK not in path.read_bytes(), path
    assert town.verify()["digest"] == county.verify(town.unit)["digest"]


def test_a_returned_case_takes_its_file_along(
    county: County, county_office: Office, new_town: Callable[[], Office], tmp_path: Path
) -> None:
    first, second = new_town(), new_town()
    case = first.record("Case", CLAIM)["id"]
    first.does("attach", "Case", case, "--file", scan(tmp_path))
    first.exchange()
    county_office.exchange()
    forward = county_office.paper({"to_unit": second.unit, "method": "FORWARD"})
    county_office.does("step", case, "FORWARD", "--in", forward)
    county_office.exchange()
    second.exchange()
    assert len(blobs(second.folder)) == 1
    photo = tmp_path / "note.txt"
    photo.write_text("退回说明", encoding="utf-8")
    second.does("attach", "Case", case, "--file", photo)
    second.does("step", case, "RETURN", "--in", second.paper({"reason": "不属本镇"}))
    assert second.exchange().json["blobs_waiting"] == 0
    assert not blobs(second.folder) and second.listed("Attachment") == []
    county_office.exchange()
    assert len({row["blob"] for row in county_office.listed("Attachment")}) >= 2
    here = json.dumps([path.name for path in blobs(county_office.folder)])
    assert all(row["blob"] in here for row in county_office.listed("Attachment"))


def test_by_stick_alone(county: County, county_office: Office, new_town: Callable[[], Office], tmp_path: Path) -> None:
    town = new_town()
    case = town.record("Case", CLAIM)["id"]
    made = town.does("attach", "Case", case, "--file", scan(tmp_path)).json
    county_office.exchange()
    stick, back = tmp_path / "stick", tmp_path / "stick" / "back"
    told = town.does("exchange", "--carry-out", stick / "town.ld", "--blobs").json
    assert told["blobs"] == 1
    taken = county.does("accept", stick / "town.ld", "--answer", back / "town.answer", "--json").json["files"][0]
    assert taken["blobs"] == {"taken": 1, "given": 0, "refused": 0}
    assert town.does("exchange", "--carry-in", back / "town.answer").json["blobs_waiting"] == 0
    assert town.does("exchange", "--carry-out", stick / "again.ld", "--blobs").json["blobs"] == 0
    office_stick = tmp_path / "office"
    for number, waiting in ((1, 1), (2, 0)):
        out, answer = office_stick / f"{number}.ld", office_stick / f"back{number}" / "office.answer"
        county_office.does("exchange", "--carry-out", out, "--blobs")
        county.does("accept", out, "--answer", answer)
        found = county_office.does("exchange", "--carry-in", answer).json
        assert found["blobs_waiting"] == waiting
    assert made["blob"] in [path.name for path in blobs(county_office.folder)]
