"""Profiles with much and awkward content, made for pictures: a town's and the county office's."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from desktop.app import open_office
from desktop.cli.demo.papers import villages_of, visits
from desktop.paths import ProfilePaths
from desktop.security.slots import VaultSecrets
from desktop.security.vault import create_vault, fresh_data_key
from desktop.services.office import Office
from desktop.storage.store import Store
from tests.services.offices import COUNTY, PASSPHRASE, TOWN, Clock, facts_of, make_keys
from tests.ui.sample_files import write_letter, write_photo

LONG_TITLE = "反映昭金村二〇二五年度高标准农田建设项目资金使用、青苗补偿和附属设施验收等问题" * 8
LONG_NAME = "欧阳䶮𬭎㼆㙍古丽巴哈尔·阿卜杜热依木·买买提吐尔逊·托合提尼亚孜汗·迪丽热巴江汗"
"""40 characters, four of them rare."""
LONG_WORD = "A" * 60
HOUSEHOLDS = 25


def town_profile(folder: Path) -> Path:
    """仁义镇 with visits, walk-ins, cases, an interview, a colleague."""
    _make(folder, TOWN, "TOWN", "仁义镇", "TOWN_CDI")
    office = open_office(folder, PASSPHRASE, clock=Clock())
    try:
        office.add_user("李芳", "RECEPTION", PASSPHRASE)
        for paper in visits(TOWN, 9):
            office.record("Visit", paper)
        office.record("Visit", _long_visit(villages_of(TOWN)[9]))
        _matters(office, villages_of(TOWN))
        _attach(office)
        office.back_up_when_due()
    finally:
        office.close()
    return folder


def _attach(office: Office) -> None:
    """A photo and a letter at the newest case."""
    case = office.list_page("Case", limit=1).rows[0].id
    with TemporaryDirectory() as folder:
        for path in (write_photo(Path(folder) / "道路现场.jpg"), write_letter(Path(folder) / "来信.pdf")):
            office.attach("Case", case, path)


def fresh_profile(folder: Path) -> Path:
    """A town's first day: nothing was recorded yet."""
    _make(folder, TOWN, "TOWN", "仁义镇", "TOWN_CDI")
    return folder


def county_profile(folder: Path) -> Path:
    """The county's own office, with what waits there."""
    _make(folder, COUNTY, "COUNTY", "桂阳县纪委监委信访室", "COUNTY_OFFICE")
    office = open_office(folder, PASSPHRASE, clock=Clock())
    try:
        _matters(office, villages_of(TOWN))
    finally:
        office.close()
    return folder


def _make(folder: Path, unit: str, kind: str, name: str, role: str) -> None:
    keys, data_key = make_keys(), fresh_data_key()
    paths = ProfilePaths(folder)
    facts = replace(facts_of(keys, type(TOWN)(unit), kind), unit_name=name, roles=(role,))
    Store.create(paths, data_key, facts).close()
    create_vault(paths, "张明", role, PASSPHRASE, VaultSecrets(data_key, keys.unit_identity), iterations=1)


def _matters(office: Office, villages: list[str]) -> None:
    for index in range(14):
        office.record("Reception", _walk_in(index, villages[index % len(villages)]))
    first = office.record("Reception", {**_walk_in(3, villages[0]), "title": LONG_TITLE[:300]})
    assert first.case is not None
    case = first.case.id
    office.record(
        "Interview",
        {
            "case": case,
            "interview_kind": "RECEPTION",
            "started_at": "2026-11-20T09:10",
            "interviewers": ["张明", "李芳"],
        },
    )
    for step in ("START",):
        offered = {offer.step for offer in office.steps(case) if offer.allowed and not offer.needs}
        if step in offered:
            office.step(case, step, {})


def _long_visit(village: str) -> dict[str, Any]:
    names = ("王秀英", LONG_NAME, "李㼆", "欧阳𬭎")
    one = {"sex": "F", "age": 56, "family": "5口人,两人在外务工", "phone": "13900000812"}
    return {
        "contact_mode": "HOUSE",
        "village": village,
        "group": "3组",
        "started_at": "2026-11-12T09:10",
        "ended_at": "2026-11-12T17:40",
        "visitors": ["张明", "李芳", "何俊", "周敏"],
        "company": "村党总支书记、村监委会主任、驻村第一书记",
        "households": [
            {
                **one,
                "name": names[at % 4],
                "address": f"昭金村3组{at}号",
                "note": LONG_TITLE[: 20 * (at % 3)],
            }
            for at in range(HOUSEHOLDS)
        ],
        "findings": [
            {"text": LONG_TITLE[:200], "outcome": "FOLLOW", "problem_tag": "SANZI", "due": "2026-12-01"},
            {"text": "路灯损坏三盏,当场联系电管员更换。", "outcome": "SOLVED", "problem_tag": "VILLAGE_AFFAIRS"},
        ],
        "problems": LONG_TITLE[:300],
        "summary": "入户核对补贴发放和村务公开情况。",
    }


def _walk_in(index: int, village: str) -> dict[str, Any]:
    names = ("王秀英", LONG_NAME, "李㼆", "陈建国")
    nature = ("ACCUSE", "CLAIM", "ADVICE", "CLAIM")[index % 4]
    return {
        "contact_mode": "RECEIVE",
        "received_at": f"2026-11-{1 + index:02}T14:05",
        "place": "仁义镇信访接待室",
        "people": 1 + index % 3,
        "receiver": "张明",
        "nature": nature,
        "village": village,
        "title": ("反映村道路硬化资金未公示", f"请求解决{LONG_NAME}宅基地纠纷", LONG_WORD, "")[index % 4],
        "content": "昭金村2025年道路硬化项目资金使用情况至今未在村务公开栏公示,多次询问未得到答复。" * (1 + index % 3),
        "complainant": {"identity": "REAL", "name": names[index % 4], "phone": "13900000812"},
        "accused": [{"managed_by": "VILLAGE", "name": "李某某", "unit": "昭金村村委会", "post": "主任"}]
        if nature == "ACCUSE"
        else [],
    }
