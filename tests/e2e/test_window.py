"""Exchange from the window: by wire with the running server, and carried out and in as files."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import open_window
from desktop.services.office import Office as Opened
from desktop.ui.exchange.view import ExchangeScreen
from desktop.ui.window import MainWindow
from tests.e2e.county import County, Office

EXCHANGE_MILLISECONDS = 60_000
VISIT = {"contact_mode": "SCREEN", "started_at": "2026-11-20T09:10", "visitors": ["张明"]}


@contextmanager
def window_on(office: Office, bot: QtBot) -> Iterator[MainWindow]:
    """The window on an office's profile; an exchange by verbs is possible before and after only."""
    passphrase = office.passphrase.read_text(encoding="utf-8").strip()
    window = open_window(office.folder, passphrase)
    assert isinstance(window, MainWindow)
    try:
        window.show()
        settle(window, bot)
        yield window
    finally:
        window.close()
        window.deleteLater()


def settle(window: MainWindow, bot: QtBot) -> None:
    bot.waitUntil(lambda: window.place.tasks.is_idle, timeout=EXCHANGE_MILLISECONDS)


def exchange_page(window: MainWindow, bot: QtBot) -> ExchangeScreen:
    window.go("exchange")
    settle(window, bot)
    screen = window.screens["exchange"]
    assert isinstance(screen, ExchangeScreen)
    return screen


def record_at(window: MainWindow, bot: QtBot, summary: str) -> str:
    """A visit recorded in the open window's profile."""
    made: list[str] = []
    window.place.tasks.write(lambda office: office.record("Visit", {**VISIT, "summary": summary}).id, made.append)
    settle(window, bot)
    return made[0]


def forget_in_search(window: MainWindow, bot: QtBot, visit: str) -> None:
    """As if the visit had just come and waited for the index."""

    def forget(office: Opened) -> None:
        store = office._desk.store
        with store.database.transaction():
            store.search.drop_dossier(visit)
            store.search.queue([("Visit", visit)])

    window.place.tasks.write(forget, lambda _: None)
    settle(window, bot)


def found(window: MainWindow, bot: QtBot, text: str) -> list[str]:
    """What search finds now."""
    hits: list[str] = []
    window.place.tasks.read(lambda office: [hit.id for hit in office.search(text)], hits.extend)
    settle(window, bot)
    return hits


def test_by_wire(county: County, new_town: Callable[[], Office], qtbot: QtBot) -> None:
    town = new_town()
    with window_on(town, qtbot) as window:
        visit = record_at(window, qtbot, "网上送出的走访")
        screen = exchange_page(window, qtbot)
        screen.run_button.click()
        settle(window, qtbot)
        assert window.place.say("today.agreed") in screen.notice.text(), screen.notice.text()
    assert county.show("Visit", visit)["summary"] == "网上送出的走访"
    assert town.verify()["digest"] == county.verify(town.unit)["digest"]


def test_by_file(county: County, new_town: Callable[[], Office], qtbot: QtBot, tmp_path: Path) -> None:
    town = new_town()
    with window_on(town, qtbot) as window:
        visit = record_at(window, qtbot, "带出去的走访")
        screen = exchange_page(window, qtbot)
        screen.write_file(tmp_path / "out.carried")
        settle(window, qtbot)
        county.does("accept", tmp_path / "out.carried", "--answer", tmp_path / "back.carried")
        forget_in_search(window, qtbot, visit)
        screen.read_file(tmp_path / "back.carried")
        settle(window, qtbot)
        assert found(window, qtbot, "带出去的走访") == [visit]
        assert window.place.say("today.agreed") in screen.notice.text(), screen.notice.text()
        screen.read_file(tmp_path / "out.carried")
        settle(window, qtbot)
        assert screen.notice.property("notice") == "wrong"
    assert county.show("Visit", visit)["summary"] == "带出去的走访"
    assert town.verify()["unsent"] == 0


def test_a_first_run_without_a_network(
    county: County, unused_towns: Iterator[str], qtbot: QtBot, tmp_path: Path
) -> None:
    town = county.office_to_be(next(unused_towns))
    passphrase = town.passphrase.read_text(encoding="utf-8").strip()
    window = open_window(town.folder)
    assert isinstance(window, MainWindow)
    try:
        window.show()
        form = window.unlock_page.first_run
        form.ticket.setText(str(county.ticket(town.unit)))
        form.take_ticket()
        form.user_name.setText(town.user)
        for line in (form.passphrase, form.again):
            line.setText(passphrase)
        form.write_request(tmp_path / "request.carried")
        settle(window, qtbot)
        assert form.notice.property("notice") == "good", form.notice.text()
        county.does("accept", tmp_path / "request.carried", "--answer", tmp_path / "answer.carried")
        form.read_answer(tmp_path / "answer.carried")
        settle(window, qtbot)
        assert not window.is_locked, form.notice.text()
        assert window.current == "today"
    finally:
        window.close()
        window.deleteLater()


def test_a_stick_takes_attachments_and_its_slip_along(
    county: County, new_town: Callable[[], Office], qtbot: QtBot, tmp_path: Path
) -> None:
    town, stick, paper = new_town(), tmp_path / "stick", tmp_path / "来信.pdf"
    stick.mkdir()
    paper.write_bytes(b"%PDF-1.4\n" + bytes(4000))
    case = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": "CLAIM", "title": "水渠"}
    with window_on(town, qtbot) as window:
        window.place.tasks.write(
            lambda office: office.attach("Case", office.record("Case", case).id, paper), lambda _: None
        )
        settle(window, qtbot)
        screen = exchange_page(window, qtbot)
        screen.write_file(stick / "out.ldx")
        settle(window, qtbot)
        written = screen.carried.written
        assert written is not None and written.blobs == 1 and written.manifest.changes >= 2
        click(window, "exchange.print_slip", qtbot)
        assert window.current == "preview"
        assert window.screen_of("preview").printed.pdf.startswith(b"%PDF")
        county.does("accept", stick / "out.ldx", "--answer", stick / "back.ldx")
        (stick / "holiday.txt").write_text("nothing of ours", encoding="utf-8")
        screen = exchange_page(window, qtbot)
        screen.read_file(stick)
        settle(window, qtbot)
        assert window.place.say("today.agreed") in screen.notice.text(), screen.notice.text()
        blobs = window.place.tasks.ask_now(lambda office: office.carry_blobs_out(stick / "again.ldx"))
        assert blobs == 0


def test_a_copied_disk_is_told_in_plain_words_and_enrolled_anew(
    county: County, new_town: Callable[[], Office], qtbot: QtBot, tmp_path: Path
) -> None:
    town = new_town()
    copy = replace(town, folder=tmp_path / "copy")
    shutil.copytree(town.folder, copy.folder)
    shutil.copy(town.passphrase, copy.passphrase)
    town.record("Visit", {**VISIT, "summary": "原机"})
    town.exchange()
    with window_on(copy, qtbot) as window:
        visit = record_at(window, qtbot, "副本上的走访")
        screen = exchange_page(window, qtbot)
        assert screen.reenrol.isHidden()
        screen.run_button.click()
        settle(window, qtbot)
        assert screen.notice.text() == window.place.say("exchange_screen.must_enrol")
        assert "reenrol" not in " ".join(label.text() for label in screen.reenrol.findChildren(QLabel))
        window.go("today")
        screen = exchange_page(window, qtbot)
        assert screen.reenrol.isVisible() and screen.reenrol.reason == "copied"
        click(window, "exchange.reenrol", qtbot)
        assert screen.notice.text() == window.place.say("unlock.ticket_wanted")
        screen.reenrol.choose_ticket(county.ticket(town.unit))
        assert screen.reenrol.role.value() == "TOWN_CDI"
        click(window, "exchange.reenrol", qtbot)
        assert screen.notice.text() == window.place.say("exchange_screen.reenrolled")
        assert screen.reenrol.isHidden()
        screen.run_button.click()
        settle(window, qtbot)
        assert window.place.say("today.agreed") in screen.notice.text(), screen.notice.text()
    assert county.show("Visit", visit)["summary"] == "副本上的走访"


def test_a_computer_is_enrolled_anew_by_stick(
    county: County, new_town: Callable[[], Office], qtbot: QtBot, tmp_path: Path
) -> None:
    town = new_town()
    device = town.verify()["device"]
    county.does("revoke", device)
    with window_on(town, qtbot) as window:
        screen = exchange_page(window, qtbot)
        screen.run_button.click()
        settle(window, qtbot)
        assert screen.reenrol.reason == "revoked"
        screen.reenrol.choose_ticket(county.ticket(town.unit))
        screen.reenrol.write_request(tmp_path / "request.ldx")
        settle(window, qtbot)
        county.does("accept", tmp_path / "request.ldx", "--answer", tmp_path / "answer.ldx")
        screen.reenrol.read_answer(tmp_path / "answer.ldx")
        settle(window, qtbot)
        assert screen.reenrol.isHidden(), screen.notice.text()
    assert town.verify()["device"] != device


def click(window: MainWindow, name: str, bot: QtBot) -> None:
    button = window.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    button.click()
    settle(window, bot)
