"""Exchange from the window: by wire with the running server, and carried out and in as files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.app import open_window
from desktop.ui.exchange.view import ExchangeScreen
from desktop.ui.window import MainWindow
from tests.e2e.county import County, Office

EXCHANGE_MILLISECONDS = 60_000


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
    visit = {"contact_mode": "SCREEN", "started_at": "2026-11-20T09:10", "visitors": ["张明"], "summary": summary}
    window.place.tasks.write(lambda office: office.record("Visit", visit).id, made.append)
    settle(window, bot)
    return made[0]


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
        screen.read_file(tmp_path / "back.carried")
        settle(window, qtbot)
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
