"""No name, phone or text in clear in any file; a protected complainant is closed to town and server."""

import json
import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.e2e.county import County, Office
from tests.e2e.processes import temporary_files
from tests.e2e.samples import complainant, villages_of, visit, walk_in


def secrets_of(value: Any) -> set[str]:
    """Every text of a record that says something: Chinese of three characters or more, phones, ID numbers."""
    if isinstance(value, dict):
        return {found for part in value.values() for found in secrets_of(part)}
    if isinstance(value, list):
        return {found for part in value for found in secrets_of(part)}
    telling = isinstance(value, str) and (len(re.findall("[\u3400-\u9fff]", value)) >= 3 or len(value) in (11, 18))
    return {value} if telling else set()


def spellings(secret: str) -> Iterable[bytes]:
    """How a text may lie in a file."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        yield secret.encode(encoding)
    yield json.dumps(secret)[1:-1].encode()


def found_in(paths: Iterable[Path], secrets: set[str]) -> list[str]:
    """Files that hold a secret in clear."""
    wanted = [(secret, spelling) for secret in secrets for spelling in spellings(secret)]
    hits = []
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError:
            continue
        hits += [f"{path}: {secret}" for secret, spelling in wanted if spelling in content]
    return hits


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_no_file_holds_anything_in_clear(county: County, new_town: Callable[[], Office], dice: random.Random) -> None:
    town = new_town()
    values = [walk_in(dice), walk_in(dice, secrecy="PROTECTED"), visit(dice, villages_of(town.unit)[0])]
    values[0]["content"] += "补记:线索编号甲乙丙丁"
    given = set().union(*(secrets_of(value) for value in values)) - {"乡镇信访接待室"}
    town.record("Reception", values[0])
    town.record("Reception", values[1])
    town.record("Visit", values[2])
    assert found_in(town.files(), given) == []
    town.exchange()
    everywhere = [*town.files(), *files_below(county.home), *files_below(temporary_files()), county.log]
    assert found_in(everywhere, given) == []


def test_a_protected_complainant_is_closed_to_the_town(
    county: County, county_office: Office, new_town: Callable[[], Office], dice: random.Random
) -> None:
    town = new_town()
    person = complainant(dice)
    saved = town.record("Reception", walk_in(dice, secrecy="PROTECTED", complainant=person))
    refused = town.verb("show", "Reception", saved["id"], "--json", "--identity", "--reason", "核对")
    assert person["phone"] not in refused.out + refused.err
    assert person["name"] not in json.dumps(town.show("Case", saved["case"]["id"]), ensure_ascii=False)
    town.exchange()
    county_office.exchange()
    opened = county_office.does("show", "Case", saved["case"]["id"], "--json", "--identity", "--reason", "回访核实")
    assert person["phone"] in opened.out
    assert person["phone"] not in county.does("show", "Case", saved["case"]["id"], "--json").out


def test_an_identity_is_shown_with_a_reason_and_logged(new_town: Callable[[], Office], dice: random.Random) -> None:
    town = new_town()
    person = complainant(dice)
    saved = town.record("Reception", walk_in(dice, complainant=person))
    assert person["phone"] not in town.does("show", "Reception", saved["id"], "--json").out
    assert town.verb("show", "Reception", saved["id"], "--json", "--identity").code in (1, 2)
    before = town.verify()["unsent"]
    opened = town.does("show", "Reception", saved["id"], "--json", "--identity", "--reason", "回访核实")
    assert person["phone"] in opened.out
    assert town.verify()["unsent"] == before + 1


def test_a_sealed_walk_in_takes_a_stub_only(new_town: Callable[[], Office], dice: random.Random) -> None:
    town = new_town()
    too_much = town.verb("record", "Reception", "--in", town.paper(walk_in(dice, secrecy="SEALED")))
    assert too_much.code == 1
    assert town.listed("Reception") == []
    stub = {
        "received_at": "2026-11-20T14:05",
        "secrecy": "SEALED",
        "envelope_number": "密2026-003",
        "handed_to": "县纪委信访室",
    }
    saved = town.record("Reception", stub)
    shown = town.show("Reception", saved["id"])
    assert {key: shown[key] for key in stub} == stub
    assert town.listed("Case") == []
