"""The first run with a typed code at the real window: slips told at once, digits compared, signed in once let in."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import open_window
from desktop.ui.county.view import CountyScreen
from desktop.ui.unlock.first_run import CODE, FirstRunForm
from desktop.ui.window import MainWindow
from tests.e2e.county import County, Office
from tests.e2e.test_typed_code import code_for, devices
from tests.e2e.test_window import settle, window_on


@contextmanager
def first_run(office: Office, bot: QtBot) -> Iterator[tuple[MainWindow, FirstRunForm]]:
    """The window of a computer nobody enrolled, the way by code chosen."""
    window = open_window(office.folder)
    assert isinstance(window, MainWindow)
    try:
        window.show()
        settle(window, bot)
        form = window.unlock_page.first_run
        form.way.choose(CODE)
        yield window, form
    finally:
        window.close()
        window.deleteLater()


def fill(form: FirstRunForm, office: Office, code: str, address: str) -> None:
    passphrase = office.passphrase.read_text(encoding="utf-8").strip()
    form.typed.address.setText(address)
    form.typed.code.setText(code)
    form.user_name.setText(office.user)
    form.role.set_value("TOWN_CDI")
    for line in (form.passphrase, form.again):
        line.setText(passphrase)


def let_in(office: Office, unit: str, comparison: str, bot: QtBot) -> None:
    """At the county's window: the row with these digits, two clicks."""
    with window_on(office, bot) as window:
        window.go("county")
        settle(window, bot)
        screen = window.screens["county"]
        assert isinstance(screen, CountyScreen)
        shown = [label for label in screen.devices.findChildren(QLabel) if label.text() == comparison]
        number = shown[0].objectName().rpartition("_")[2]
        button = screen.devices.findChild(QPushButton, f"county.admit_{number}")
        assert isinstance(button, QPushButton)
        button.click()
        assert window.place.tasks.is_idle and button.text() == window.place.say("county_page.admit_sure")
        button.click()
        settle(window, bot)
        assert screen.notice.property("notice") == "good", screen.notice.text()
        assert comparison not in [label.text() for label in screen.devices.findChildren(QLabel)]


def test_a_computer_comes_in_by_address_and_code(
    county: County, county_office: Office, unused_towns: Iterator[str], qtbot: QtBot
) -> None:
    town, address = county.office_to_be(next(unused_towns)), f"127.0.0.1:{county.port}"
    code = code_for(county, town.unit)
    with first_run(town, qtbot) as (window, form):
        say = window.place.say
        assert form.typed.isVisible() and not form.ticket.isVisible() and not form.by_file.isVisible()
        form.enrol()
        assert form.notice.text() == say("first_run.address_wanted")
        fill(form, town, ("7" if code[0] != "7" else "8") + code[1:], address)
        form.enrol()
        assert form.notice.text() == say("ticket.typed_wrong") and window.place.tasks.is_idle
        fill(form, town, code, address)
        form.role.set_value("COUNTY_HEAD")
        form.enrol()
        settle(window, qtbot)
        assert form.role.value() == "TOWN_CDI" and "COUNTY" not in form.notice.text()
        assert not any(town.files()) and not form.admittance.isVisible()
        form.enrol()
        settle(window, qtbot)
        assert form.admittance.isVisible() and not form.typed.isVisible()
        [row] = devices(county, town.unit)
        assert form.admittance.sheet.code.text() == row["comparison"]
    with first_run(town, qtbot) as (window, form):
        form.begin()
        assert form.notice.text() == window.place.say("first_run.kept")
        fill(form, town, code, address)
        form.enrol()
        settle(window, qtbot)
        assert form.admittance.sheet.code.text() == row["comparison"]
        let_in(county_office, town.unit, row["comparison"], qtbot)
        form.admittance.ask_again()
        settle(window, qtbot)
        assert not window.is_locked and window.current == "today", form.notice.text()
        assert not form.typed.code.text() and not form.admittance.sheet.code.text()
