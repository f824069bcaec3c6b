"""Users are added and disabled, and a backup is written, from the settings page."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import open_office
from desktop.paths import ProfilePaths
from desktop.settings import Settings, load_settings, save_settings
from desktop.storage.hand_backups import HandBackups
from desktop.ui.settings_page.view import SettingsScreen
from desktop.ui.widgets.surfaces import Pill
from sync.domain.errors import LiandongError
from sync.shipped.rules import load_rulebook
from tests.services.offices import make_profile, opened
from tests.ui.conftest import Person, at_window
from tests.ui.typist import choose

FIRST_PASSPHRASE = "first light on snow 9"
OTHER_PASSPHRASE = "second light on snow 9"


def test_the_unit_sets_how_it_counts_for_everybody(tmp_path: Path, qtbot: QtBot) -> None:
    profile = make_profile(tmp_path / "profile")
    paths = ProfilePaths(profile)
    save_settings(paths.settings, Settings(theme="dark"), "李芳")
    with at_window(profile, qtbot) as person:
        screen = settings_of(person)
        assert [line.text() for line in screen.numbers.values()] == ["30", "5"]
        for name, number in (("visit_interval_days", "45"), ("group_threshold", "3")):
            screen.numbers[name].clear()
            person.type(f"settings.{name}", number)
            screen.numbers[name].editingFinished.emit()
        for user in ("张明", "李芳"):
            kept = load_settings(paths.settings, user)
            assert (kept.visit_interval_days, kept.group_threshold) == (45, 3)
        assert load_settings(paths.settings, "李芳").theme == "dark"
        screen.numbers["group_threshold"].clear()
        person.type("settings.group_threshold", "0")
        screen.numbers["group_threshold"].editingFinished.emit()
        assert screen.numbers["group_threshold"].text() == "3"
        assert screen.notice.property("notice") == "wrong"
    with opened(profile) as office:
        walk_in = office.record("Reception", {"received_at": "2026-11-20T14:05", "title": "ditch", "people": 3})
        assert office.show("Reception", walk_in.id)["visit_form"] == ["GROUP"]


def test_a_colleague_is_let_in_and_out_again(tmp_path: Path, qtbot: QtBot) -> None:
    profile = make_profile(tmp_path / "profile")
    with at_window(profile, qtbot) as person:
        screen = settings_of(person)
        person.type("settings.user_name", "Li")
        person.type("settings.user_passphrase", FIRST_PASSPHRASE)
        click(person, "settings.add_user")
        assert screen.notice.text() == person.window.place.say("settings.role_wanted")
        choose(screen.users_card.role, "RECEPTION")
        assert person.window.place.say("roles.reads_identity") in screen.users_card.role_words.text()
        click(person, "settings.add_user")
        assert screen.notice.property("notice") == "good", screen.notice.text()
        click(person, "settings.new_for_1")
        person.type("settings.renew_passphrase", OTHER_PASSPHRASE)
        person.type("settings.renew_again", OTHER_PASSPHRASE)
        click(person, "settings.set_passphrase")
        assert screen.notice.text() == person.window.place.say("settings.passphrase_set", name="Li")
        click(person, "settings.disable_1")
        assert "Li" in click(person, "settings.disable_1")
        assert screen.notice.text() == person.window.place.say("settings.user_disabled", name="Li")
        screen.backup_card.write(tmp_path / "one.backup")
        person.settle()
        assert (tmp_path / "one.backup").stat().st_size > 0
        screen.backup_card.check(tmp_path / "one.backup")
        person.settle()
        assert screen.notice.property("notice") == "good", screen.notice.text()
        acts = [person.window.place.voice.label("account_act", act) for act in ("ADD", "PASSPHRASE", "DISABLE")]
        said = " ".join(label.text() for label in screen.log_card.findChildren(QLabel))
        assert all(act in said for act in acts), said
    with pytest.raises(LiandongError):
        open_office(profile, OTHER_PASSPHRASE, "Li")


def test_a_backup_by_hand_from_before_a_sealing_is_asked_to_be_destroyed(tmp_path: Path, qtbot: QtBot) -> None:
    profile, stick = make_profile(tmp_path / "profile"), tmp_path / "stick.backup"
    with opened(profile) as office:
        office.backup(stick)
        store = office._desk.store
        with store.database.transaction():
            HandBackups(store.books).note_sealing(store.clock())
    with at_window(profile, qtbot) as person:
        screen = settings_of(person)
        qtbot.waitUntil(lambda: screen.findChild(QPushButton, "settings.destroy_backup_0") is not None)
        said = " ".join(label.text() for label in screen.backup_card.findChildren(QLabel))
        assert str(stick) in said
        click(person, "settings.destroy_backup_0")
        person.settle()
        assert screen.notice.text() == person.window.place.say("settings.backup_destroyed", file=stick.name)
        assert not stick.exists()
        qtbot.waitUntil(lambda: screen.findChild(QPushButton, "settings.destroy_backup_0") is None)


def test_backups_of_the_profile_are_listed_and_tried(tmp_path: Path, qtbot: QtBot) -> None:
    profile = make_profile(tmp_path / "profile")
    with at_window(profile, qtbot) as person:
        folder = ProfilePaths(profile).backups
        qtbot.waitUntil(lambda: any(folder.glob("*.backup")), timeout=20_000)
        person.settle()
        screen = settings_of(person)
        (kept,) = folder.glob("*.backup")
        click(person, "settings.check_backup_0")
        assert screen.notice.property("notice") == "good", screen.notice.text()
        kept.write_bytes(kept.read_bytes()[:-100] + bytes(100))
        screen.backup_card.check(kept)
        person.settle()
        assert screen.notice.text() == person.window.place.say("backup.damaged")
        screen.backup_card.check(tmp_path / "nowhere")
        person.settle()
        assert screen.notice.property("notice") == "wrong"
        assert not list(profile.glob("drill-*"))


def test_the_rulebook_tells_version_source_and_what_was_checked(person: Person) -> None:
    settings_of(person)
    click(person, "settings.open_rules")
    assert person.window.current == "rules"
    screen = person.window.screen_of("rules")
    said = " ".join(label.text() for label in screen.findChildren(QLabel))
    rulebook = load_rulebook()
    assert rulebook.version in said
    assert all(rule.source.zh in said for rule in rulebook.rules.values())
    pills = {pill.objectName(): pill.text() for pill in screen.findChildren(Pill)}
    for rule in rulebook.rules.values():
        key = "checked" if rule.verified else "unchecked"
        assert pills[f"rules.state_{rule.id}"] == person.window.place.say(f"rules_page.{key}")
    click(person, "rules.back")
    assert person.window.current == "settings"


def settings_of(person: Person) -> SettingsScreen:
    person.go("settings")
    screen = person.window.screens["settings"]
    assert isinstance(screen, SettingsScreen)
    return screen


def click(person: Person, name: str) -> str:
    """Click a button; what it said."""
    button = person.find(name)
    assert isinstance(button, QPushButton)
    said = button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    person.settle()
    return said
