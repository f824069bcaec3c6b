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
from desktop.ui.widgets.surfaces import Pill
from desktop.ui.window import MainWindow
from tests.e2e.county import County, Office
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


def lose_a_change(town: Office, title: str) -> tuple[str, str, str, str]:
    """A case the county has, and behind a change that the town's damaged disk lost: a correction of it and a new case.

    The device, its unit's name, the known case, the new one.
    """
    passphrase = town.passphrase.read_text(encoding="utf-8").splitlines()[0]
    desk = open_office(town.folder, passphrase)
    try:
        known = desk.record("Case", {**CLAIM, "title": title}).id
        desk.exchange()
        desk.record("Case", {**CLAIM, "title": f"已丢失 {title}"})
        database = desk._desk.store.database
        with database.transaction():
            database.run("UPDATE outbox_body SET body = NULL WHERE sequence = (SELECT max(sequence) FROM outbox_body)")
        desk.correct("Case", known, {"title": f"补充后的 {title}"})
        late = desk.record("Case", {**CLAIM, "title": f"后来的 {title}"}).id
        assert desk.exchange().results == {"held": 2}
        return desk.facts.device, desk.facts.unit_name, known, late
    finally:
        desk.close()


def test_what_a_lost_computer_left_behind_a_gap_is_let_go_at_the_countys_window(
    county: County, county_office: Office, new_town: Callable[[], Office], qtbot: QtBot
) -> None:
    town = new_town()
    title = f"水渠 {town.unit}"
    device, unit_name, known, late = lose_a_change(town, title)
    with window_on(county_office, qtbot) as window:
        say = window.place.say
        screen = county_page(window, qtbot)
        assert say("county_page.held_active") in [pill.text() for pill in screen.held.findChildren(Pill)]
        assert not screen.held.findChildren(QPushButton)
        county.does("revoke", device)
        screen = county_page(window, qtbot)
        [button] = screen.held.findChildren(QPushButton)
        button.click()
        form = screen.held.form
        assert form is not None
        form.reasons.setCurrentRow(1)
        form.go.click()
        settle(window, qtbot)
        assert screen.held.form is None, form.notice.text()
        assert screen.notice.text() == say("county_page.went", unit=unit_name, count=2, apart=0)
        assert say("county_page.nothing_held") in [one.text() for one in screen.held.findChildren(QLabel)]
        at(window, qtbot, lambda office: office.exchange())
        assert at(window, qtbot, lambda office: office.show("Case", known))["title"] == f"补充后的 {title}"
        assert at(window, qtbot, lambda office: office.show("Case", late))["title"] == f"后来的 {title}"
    heir = county.enrol(town.unit)
    heir.exchange()
    assert heir.show("Case", known)["title"] == f"补充后的 {title}"
    assert heir.show("Case", late)["title"] == f"后来的 {title}"
    assert heir.verify()["digest"] == county.verify(town.unit)["digest"]
