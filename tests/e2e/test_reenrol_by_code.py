"""A computer that was shut out comes back at its window with a code told by telephone; digits are compared first."""

from collections.abc import Callable, Iterator

from pytestqt.qtbot import QtBot

from desktop.ui.unlock.first_run import CODE
from tests.e2e.county import County, Office
from tests.e2e.test_typed_code import code_for, devices
from tests.e2e.test_window import click, exchange_page, record_at, settle, window_on


def test_a_typed_code_enrols_a_computer_anew(county: County, new_town: Callable[[], Office], qtbot: QtBot) -> None:
    town = new_town()
    former = town.verify()["device"]
    county.does("revoke", former)
    with window_on(town, qtbot) as window:
        visit = record_at(window, qtbot, "停用后记的走访")
        screen = exchange_page(window, qtbot)
        screen.run_button.click()
        settle(window, qtbot)
        card, say = screen.reenrol, window.place.say
        assert card.reason == "revoked" and card.ticket.isVisible() and not card.typed.isVisible()
        card.way.choose(CODE)
        assert card.typed.isVisible() and not card.ticket.isVisible() and not card.out_button.isVisible()
        click(window, "exchange.reenrol", qtbot)
        assert screen.notice.text() == say("first_run.address_wanted")
        card.typed.address.setText(f"127.0.0.1:{county.port}")
        card.typed.code.setText(code_for(county, town.unit))
        click(window, "exchange.reenrol", qtbot)
        assert card.admittance.isVisible() and not card.typed.isVisible(), screen.notice.text()
        [row] = [one for one in devices(county, town.unit) if one["state"] == "waiting"]
        assert card.admittance.sheet.code.text() == row["comparison"]
        card.admittance.ask_again()
        settle(window, qtbot)
        assert card.admittance.isVisible()
        county.does("confirm", row["device"])
        card.admittance.ask_again()
        settle(window, qtbot)
        assert card.isHidden() and screen.notice.text() == say("exchange_screen.reenrolled"), screen.notice.text()
        assert not card.typed.code.text() and not card.admittance.sheet.code.text()
        screen.run_button.click()
        settle(window, qtbot)
        assert say("today.agreed") in screen.notice.text(), screen.notice.text()
    assert county.show("Visit", visit)["summary"] == "停用后记的走访"
    assert town.verify()["device"] != former


def test_the_verb_takes_a_code_too(county: County, new_town: Callable[[], Office], unused_towns: Iterator[str]) -> None:
    town, other_unit = new_town(), next(unused_towns)
    former = town.verify()["device"]
    county.does("revoke", former)
    told = ("reenrol", "--code", code_for(county, town.unit), "--address", f"127.0.0.1:{county.port}")
    assert town.verb("reenrol").code == town.verb(*told[:3]).code == town.verb(*told, "--carry-out", "x").code == 2
    elsewhere = ("reenrol", "--code", code_for(county, other_unit), *told[3:])
    other = town.verb(*elsewhere)
    assert other.code == 1 and other.err.count("\n") == 1, str(other)
    [row] = [one for one in devices(county, other_unit) if one["state"] == "waiting"]
    county.does("revoke", row["device"])
    waiting = town.verb(*told)
    [row] = [one for one in devices(county, town.unit) if one["state"] == "waiting"]
    assert waiting.code == 3 and row["comparison"] in waiting.err, str(waiting)
    county.does("confirm", row["device"])
    assert town.does(*told).json["device"] == row["device"] == town.verify()["device"]
    assert town.exchange().json["agreed"]
