"""Verbs in one process on a real profile: JSON on stdout, one line on stderr, exit codes of the verbs page."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.cli.main import main
from tests.services.offices import PASSPHRASE, VILLAGE, make_profile

Run = Callable[..., tuple[int, Any, str]]
VISIT = {"contact_mode": "SCREEN", "started_at": "2026-11-20T09:10", "village": VILLAGE, "visitors": ["张明"]}
WALK_IN = {
    "contact_mode": "RECEIVE",
    "received_at": "2026-11-20T14:05",
    "title": "反映账目",
    "complainant": {"identity": "REAL", "name": "李小龙"},
}


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    (tmp_path / "pw").write_text(f"{PASSPHRASE}\r\nsecond line", encoding="utf-8")
    return make_profile(tmp_path / "town")


@pytest.fixture
def run(profile: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LIANDONG_LANG", "en")

    def call(*words: str, data: Any = None, verb_only: bool = False) -> tuple[int, Any, str]:
        given = list(words)
        if data is not None:
            path = profile.parent / "in.json"
            path.write_text(json.dumps(data), encoding="utf-8")
            given += ["--in", str(path)]
        if not verb_only:
            given += ["--profile", str(profile), "--passphrase-file", str(profile.parent / "pw")]
        code = main(given)
        out, err = capfd.readouterr()
        return code, json.loads(out) if out.strip().startswith(("{", "[")) else out, err

    return call


def test_a_record_is_acknowledged_with_id_number_and_warnings(run: Run) -> None:
    code, saved, err = run("record", "Visit", data=VISIT)
    assert (code, err) == (0, "")
    assert saved["number"].startswith("431021102-2026-A-00001-")
    assert [warning["field"] for warning in saved["warnings"]] == ["visitors"]
    assert run("list", "Visit", "--json")[1][0]["id"] == saved["id"]


def test_a_refused_field_is_named_on_one_line(run: Run) -> None:
    code, out, err = run("record", "Visit", data={**VISIT, "findings": [{"text": "x", "outcome": "LATER"}]})
    assert (code, out) == (1, "")
    assert "findings.0.outcome" in err
    assert err.count("\n") == 1


def test_list_of_cases_has_its_columns(run: Run) -> None:
    saved = run("record", "Reception", data=WALK_IN)[1]
    rows = run("list", "Case", "--json")[1]
    assert {"id", "number", "created_at", "status", "holder", "due"} <= rows[0].keys()
    assert rows[0]["id"] == saved["case"]["id"]
    assert "李小龙" not in json.dumps(rows, ensure_ascii=False)


def test_an_identity_is_opened_with_a_reason_only(run: Run) -> None:
    saved = run("record", "Reception", data=WALK_IN)[1]
    assert run("show", "Reception", saved["id"], "--json", "--identity")[0] == 2
    shown = run("show", "Reception", saved["id"], "--json", "--identity", "--reason", "check")[1]
    assert shown["complainant"]["name"] == "李小龙"


def test_steps_say_why_not(run: Run) -> None:
    saved = run("record", "Reception", data=WALK_IN)[1]
    steps = {row["step"]: row for row in run("steps", saved["case"]["id"], "--json")[1]}
    assert steps["FORWARD"]["allowed"]
    assert steps["REGISTER"]["reason"]
    assert run("step", saved["case"]["id"], "FORWARD", data={"to_unit": "431021001"})[0] == 0


def test_correct_void_search_verify(run: Run) -> None:
    saved = run("record", "Reception", data=WALK_IN)[1]
    assert run("correct", "Reception", saved["id"], data={"title": "新题目"})[0] == 0
    assert run("search", "新题", "--json")[1][0]["kind"] == "Case"
    assert run("void", "Reception", saved["id"], "--reason", "twice")[0] == 0
    verified = run("verify", "--json")[1]
    assert (verified["store"], verified["unsent"]) == ("ok", 3)


def test_a_form_is_printed_into_a_folder_that_is_made(run: Run, profile: Path) -> None:
    saved = run("record", "Visit", data=VISIT)[1]
    out = profile.parent / "new" / "f.pdf"
    code, printed, _ = run("print", "visit_record", saved["id"], "--out", str(out))
    assert (code, printed["times"], out.read_bytes()[:5]) == (0, 1, b"%PDF-")
    assert "findings" in printed["missing"]
    code, blank, _ = run("print", "visit_record", "--blank", "--count", "2", "--out", str(out))
    assert (code, len(blank["numbers"])) == (0, 2)


def test_users_come_and_go(run: Run, profile: Path) -> None:
    (profile.parent / "pw2").write_text("another passphrase", encoding="utf-8")
    new = ("--new-passphrase-file", str(profile.parent / "pw2"))
    assert run("user", "add", "李芳", "--role", "COUNTY_OFFICE", *new)[0] == 1
    assert run("user", "add", "李芳", "--role", "RECEPTION", *new)[0] == 0
    assert run("list", "Visit", "--json")[0] == 1
    assert run("list", "Visit", "--json", "--user", "张明")[0] == 0
    assert run("user", "disable", "李芳", "--user", "张明")[0] == 0
    assert run("list", "Visit", "--json")[0] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("record", "Visit"), 2),
        (("record", "Weather", "--template"), 2),
        (("fly",), 2),
        (("list", "Weather", "--json"), 2),
        (("report", "weather"), 2),
        (("show", "Visit", "f" * 32), 1),
        (("show", "Visit", "1"), 1),
        (("print", "visit_record", "--out", "x"), 2),
        (("print", "no_form", "f" * 32, "--out", "x"), 1),
        (("import", "none.xlsx", "--map", "none.toml", "--rejects", "r"), 1),
        (("exchange",), 75),
        (("due", "start_handling", "2026-02-30"), 1),
    ],
)
def test_exit_codes(run: Run, words: tuple[str, ...], code: int) -> None:
    found, out, err = run(*words)
    assert found == code
    assert (out, err.count("\n")) == ("", 1)


def test_a_wrong_passphrase_is_refused(run: Run, profile: Path) -> None:
    (profile.parent / "pw").write_text("not this one", encoding="utf-8")
    assert run("list", "Visit")[0] == 1


def test_due_explains_itself(run: Run) -> None:
    code, due, _ = run("due", "realname_notice", "2020-01-20", "--json", verb_only=True)
    assert (code, due["due"], due["provisional"]) == (0, "2020-02-18", False)
    assert due["explanation"]


def test_templates_need_no_profile(run: Run) -> None:
    rows = run("record", "Reception", "--template", verb_only=True)[1]
    assert {"name", "type", "vocabulary", "required", "forms"} <= rows[0].keys()
