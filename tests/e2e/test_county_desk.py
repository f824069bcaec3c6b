"""The county office's desk over the real wire: sticks go to the server unopened, answers lie beside them."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.app import open_office
from desktop.services.office import Office as Opened
from desktop.ui.county.view import CountyScreen
from sync.shipped.texts import load_catalogue
from tests.e2e.county import County, Office
from tests.e2e.test_window import settle, window_on

CLAIM = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": "CLAIM", "title": "水渠"}
VISIT = {"contact_mode": "SCREEN", "started_at": "2026-11-20T09:10", "visitors": ["张明", "李芳"], "summary": "巡查"}


def test_sticks_are_taken_and_answered_beside_themselves(
    county_office: Office, new_town: Callable[[], Office], tmp_path: Path
) -> None:
    town = new_town()
    town.record("Visit", VISIT)
    stick, broken = tmp_path / "stick.ldc", tmp_path / "broken.ldc"
    town.does("exchange", "--carry-out", stick)
    broken.write_bytes(stick.read_bytes()[:-9])
    passphrase = county_office.passphrase.read_text(encoding="utf-8").splitlines()[0]
    desk = open_office(county_office.folder, passphrase)
    try:
        first = desk.take_batches([stick, broken])
        again = desk.take_batches([stick])
        stands = {row.unit: row for row in desk.towns().towns}
    finally:
        desk.close()
    assert [(row.state, row.answers) for row in first] == [("accepted", ("stick.ldc.answer",)), ("damaged", ())]
    assert [(row.state, row.answers) for row in again] == [("repeat", ("stick.ldc.answer-2",))]
    assert (first[0].unit, first[1].problem) == (town.unit, "carried.damaged")
    assert stands[town.unit].agreed
    done = town.does("exchange", "--carry-in", tmp_path / "stick.ldc.answer").json
    assert (done["agreed"], done["unsent"]) == (True, 0)


def test_attachment_files_travel_beside_sticks_through_the_countys_desk(
    county: County, county_office: Office, new_town: Callable[[], Office], qtbot: QtBot, tmp_path: Path
) -> None:
    town, paper, reply = new_town(), tmp_path / "来信.pdf", tmp_path / "复函.pdf"
    paper.write_bytes(b"%PDF-1.7 " + hashlib.shake_128(b"paper").digest(1_300_000))
    reply.write_bytes(b"%PDF-1.7 " + hashlib.shake_128(b"reply").digest(700_000))
    with opened(town) as at_town:
        case = at_town.record("Case", CLAIM).id
        made = at_town.attach("Case", case, paper)
        stick = carried_out(at_town, tmp_path / "1.ldx")
        assert window_says(county_office, stick, qtbot) == [say_files("taken", 1)]
        assert (county.home / "blobs" / made.blob).is_file()
        carried_in(at_town, stick)
        assert at_town.carry_blobs_out(tmp_path / "none.ldx") == 0
        with opened(county_office) as at_county:
            at_county.exchange()
            sent = at_county.attach("Case", case, reply)
            at_county.exchange()
            for name, given, waiting in (("2.ldx", 0, 1), ("3.ldx", 1, 0)):
                stick = carried_out(at_town, tmp_path / name)
                [row] = at_county.take_batches([stick])
                assert (row.blobs.given, row.needs_person) == (given, False)
                assert carried_in(at_town, stick) == waiting
        assert at_town.export_attachment(sent.id, tmp_path / "out.pdf") == reply.stat().st_size
    assert (tmp_path / "out.pdf").read_bytes() == reply.read_bytes()


@contextmanager
def opened(office: Office) -> Iterator[Opened]:
    """The office in this process."""
    passphrase = office.passphrase.read_text(encoding="utf-8").splitlines()[0]
    desk = open_office(office.folder, passphrase)
    try:
        yield desk
    finally:
        desk.close()


def carried_out(office: Opened, request: Path) -> Path:
    request.write_bytes(office.carry_out())
    office.carry_blobs_out(request)
    return request


def carried_in(office: Opened, request: Path) -> int:
    """Take the answer beside a request; how many files still wait."""
    answer = request.with_name(f"{request.name}.answer")
    office.carry_in(answer.read_bytes())
    return office.carry_blobs_in([answer.parent])


def window_says(office: Office, request: Path, bot: QtBot) -> list[str]:
    """Take a request at the county's window; what it says of attachment files."""
    with window_on(office, bot) as window:
        window.go("county")
        settle(window, bot)
        screen = window.screens["county"]
        assert isinstance(screen, CountyScreen)
        screen.take([request])
        settle(window, bot)
        assert screen.notice.property("notice") == "good", screen.notice.text()
        return [label.text() for label in screen.findChildren(QLabel, "county.batch_files_0")]


def say_files(what: str, count: int) -> str:
    catalogue = load_catalogue()
    counted = catalogue.say(f"county_page.files_{what}", "zh", count=count)
    return catalogue.say("county_page.files", "zh", counts=counted)
