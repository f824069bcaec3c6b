"""A walk-in turned into the sealed stub midway leaves nothing of what was typed, the store opened."""

import random
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.paths import ProfilePaths
from desktop.security.vault import open_vault
from desktop.storage.store import Store
from desktop.ui.reception.view import ReceptionScreen
from tests.e2e.samples import walk_in
from tests.e2e.test_secrecy import secrets_of, spellings
from tests.services.offices import PASSPHRASE, make_profile
from tests.ui.conftest import at_window
from tests.ui.typist import fill


def test_nothing_of_what_was_typed_is_in_any_table(tmp_path: Path, qtbot: QtBot) -> None:
    profile = make_profile(tmp_path / "profile")
    given = walk_in(random.Random(11), title="反映渡口船票价款去向", content="甲乙丙丁渡口的票款三年未公开。")
    type_and_seal(profile, given, qtbot)
    everything = all_tables(profile)
    typed = secrets_of(given) | {given["complainant"]["name"], given["accused"][0]["name"], "渡口", "票款"}
    assert b"M-2026-07" in everything
    assert [text for text in typed if any(spelling in everything for spelling in spellings(text))] == []


def type_and_seal(profile: Path, given: dict[str, object], qtbot: QtBot) -> None:
    """The whole walk-in, a saved draft of it, then F8, the stub, saved."""
    with at_window(profile, qtbot) as person:
        person.go("reception", "new")
        screen = person.window.screens["reception"]
        assert isinstance(screen, ReceptionScreen)
        fill(person, "reception", {name: value for name, value in given.items() if name != "secrecy"})
        person.press(Qt.Key.Key_S, control=True)
        person.settle()
        person.press(Qt.Key.Key_F8)
        assert screen.is_sealed
        person.type("reception.envelope_number", "M-2026-07")
        person.press(Qt.Key.Key_Return, control=True)
        person.settle()
        assert screen.saved is not None and screen.saved.case is None, screen.notice.text()


def all_tables(profile: Path) -> bytes:
    """Every value of every table of the store, opened with its key."""
    paths = ProfilePaths(profile)
    key = open_vault(paths, None, PASSPHRASE).secrets.data_key
    with Store.open(paths, key) as store:
        names = [row[0] for row in store.database.run("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for name in names for row in store.database.run(f'SELECT * FROM "{name}"')]
    values = [value for row in rows for value in row]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
