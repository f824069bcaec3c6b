"""The county's window on a running county: a real conflict settled, a real change set apart released."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import open_office
from desktop.services.office import Office as Opened
from desktop.ui.cases.detail_view import CaseScreen
from desktop.ui.county.view import CountyScreen
from desktop.ui.window import MainWindow
from tests.e2e.county import Office
from tests.e2e.test_window import settle, window_on

CLAIM = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": "CLAIM", "title": "水渠"}


def county_page(window: MainWindow, bot: QtBot) -> CountyScreen:
    """The county's page, once it has asked the server."""
    window.go("county")
    settle(window, bot)
    screen = window.screens["county"]
    assert isinstance(screen, CountyScreen)
    return screen


def at(window: MainWindow, bot: QtBot, work: Callable[[Opened], Any]) -> Any:
    """Something done in the open window's profile."""
    found: list[Any] = []
    window.place.tasks.write(work, found.append, kinds=("Case", "Conflict", "Quarantine"))
    settle(window, bot)
    return found[0]


def button_with(screen: CountyScreen, words: str) -> QPushButton:
    """The one button whose spoken name holds these words."""
    [found] = [one for one in screen.findChildren(QPushButton) if words in one.accessibleName()]
    return found


def test_two_values_of_one_field_are_settled_at_the_countys_window(
    county_office: Office, new_town: Callable[[], Office], qtbot: QtBot
) -> None:
    town = new_town()
    title = f"水渠 {town.unit}"
    case = town.record("Case", {**CLAIM, "title": title})["id"]
    town.exchange()
    with window_on(county_office, qtbot) as window:
        at(window, qtbot, lambda office: office.exchange())
        town.does("correct", "Case", case, "--in", town.paper({"problem_tag": "PROJECT"}))
        town.exchange()
        at(window, qtbot, lambda office: office.correct("Case", case, {"problem_tag": "LAND"}))
        at(window, qtbot, lambda office: office.exchange())
        screen = county_page(window, qtbot)
        say = window.place.say
        value = window.place.voice.label("problem_tag", "LAND")
        about = [one for one in screen.conflicts.findChildren(QLabel) if title in one.text()]
        assert len(about) == 1
        button_with(screen, f"{say('waiting.take')} · {title} · {value}").click()
        settle(window, qtbot)
        assert screen.notice.text() == say("waiting.settled")
        assert not [one for one in screen.conflicts.findChildren(QLabel) if title in one.text()]
        at(window, qtbot, lambda office: office.exchange())
    town.exchange()
    assert town.show("Case", case)["problem_tag"] == "LAND"
    assert town.verify()["conflicts"] == 0


def test_a_change_set_apart_is_released_at_the_countys_window(
    county_office: Office, new_town: Callable[[], Office], qtbot: QtBot
) -> None:
    """Recorded in a role that the county does not take; the office takes it on its own authority."""
    town = new_town()
    title = f"错用角色 {town.unit}"
    passphrase = town.passphrase.read_text(encoding="utf-8").splitlines()[0]
    desk = open_office(town.folder, passphrase)
    try:
        former = desk._desk.unlocked
        desk._desk.unlocked = replace(former, role="COUNTY_OFFICE")
        case = desk.record("Case", {**CLAIM, "title": title}).id
        desk._desk.unlocked = former
        assert desk.exchange().results["quarantined"] == 1
        unit_name = desk.facts.unit_name
    finally:
        desk.close()
    with window_on(county_office, qtbot) as window:
        at(window, qtbot, lambda office: office.exchange())
        screen = county_page(window, qtbot)
        say = window.place.say
        button_with(screen, f"{say('waiting.release')} · {unit_name}").click()
        settle(window, qtbot)
        assert screen.notice.text() == say("waiting.released")
        at(window, qtbot, lambda office: office.exchange())
        assert at(window, qtbot, lambda office: office.show("Case", case))["title"] == title
        assert say("county_page.nothing_held") in [one.text() for one in screen.held.findChildren(QLabel)]
    town.exchange()
    assert town.verify()["quarantined"] == 0


def test_whoever_is_complained_about_neither_sees_the_case_nor_gets_it_at_the_countys_window(
    county_office: Office, new_town: Callable[[], Office], qtbot: QtBot
) -> None:
    town = new_town()
    made = {
        name: town.record("Case", {**CLAIM, "title": name, "accused": [{"name": name}]})["id"]
        for name in (county_office.user, "欧阳测试")
    }
    town.exchange()
    with window_on(county_office, qtbot) as window:
        at(window, qtbot, lambda office: office.exchange())
        seen = at(window, qtbot, lambda office: {row.id for row in office.list_page("Case").rows})
        assert made["欧阳测试"] in seen and made[county_office.user] not in seen
        window.go("case", made[county_office.user])
        settle(window, qtbot)
        screen = window.screens["case"]
        assert isinstance(screen, CaseScreen)
        assert screen.view is None and screen.notice.property("notice") == "wrong"
        window.go("case", made["欧阳测试"])
        settle(window, qtbot)
        assert screen.view is not None
        handed = [one for one in screen.view.offers if one.allowed and "to_person" in (*one.needs, *one.takes)]
        screen.ask_step(handed[0])
        settle(window, qtbot)
        form = screen.open_form()
        assert form is not None
        form.entry["to_person"].set_value("欧阳测试")
        if "to_unit" in form.entry:
            form.entry["to_unit"].set_value(town.unit)
        form._primary.click()
        settle(window, qtbot)
        assert screen.open_form() is form and form.entry["to_person"].property("wrong"), form.notice.text()
        assert form.notice.text() == window.place.say("record.handler_accused", field="to_person")
        form.reject()
