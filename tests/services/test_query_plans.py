"""No list, search or screen makes the store read a whole table: what is asked for runs along an index."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from desktop.services.listing import FILTERS
from desktop.services.office import Office
from tests.services.offices import VILLAGE, make_profile, opened

WALK_IN: dict[str, Any] = {
    "received_at": "2026-11-20T09:10",
    "title": "水库渗漏",
    "content": "反映水库渗漏,影响下游田地。",
    "nature": "ACCUSE",
    "village": VILLAGE,
    "accused": [{"name": "李卫国", "unit": "某村", "post": "支书"}],
}
SMALL = "org_unit|staff|calendar_day|rulebook_version|conflict|quarantine|account_entry"
"""Records of which there is a handful however many cases there are."""
WALKS = re.compile(
    rf"SCAN (record_(?!{SMALL})|search_doc|outbox|pending|lookup)(?!.*COVERING)"
    rf"|SEARCH record_(?!{SMALL})\w+ USING INDEX (?!\w+_listed_)\w+ \((created_at|due|started_at)[<>]"
)


class Listening:
    """The connection, with every statement that only reads noted."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.heard = inner, dict[str, Any]()

    def execute(self, sql: str, values: Any = ()) -> Any:
        if sql.startswith("SELECT"):
            self.heard[sql] = values
        return self.inner.execute(sql, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@pytest.fixture(scope="module", params=["CDI_STAFF", "HANDLER", "TOWN_OFFICE"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of a role that sees its unit's cases, its own, all but accusations."""
    with opened(make_profile(tmp_path_factory.mktemp("plans") / "profile", request.param)) as made:
        yield made


def scans(office: Office, work: Any) -> list[str]:
    """Whole tables that ``work`` makes the store read: table and statement."""
    database = office._desk.store.database
    listening = Listening(database._raw)
    database._raw = listening
    try:
        work()
    finally:
        database._raw = listening.inner
    return [f"{table}: {sql}" for sql, values in listening.heard.items() for table in scanned(database, sql, values)]


def scanned(database: Any, sql: str, values: Any) -> list[str]:
    """Large tables of a plan that are walked whole; a list without a filter ends at its LIMIT."""
    steps = [row[3] for row in database.run(f"EXPLAIN QUERY PLAN {sql}", values)]
    return [step for step in steps if WALKS.match(step) and not ("LIMIT" in sql and is_plain_list(sql))]


def is_plain_list(sql: str) -> bool:
    return "= ?" not in sql and "json_each" not in sql


def test_lists_run_along_indexes(office: Office) -> None:
    for kind in FILTERS:
        for filters in ({}, *({name: "X"} for name in FILTERS[kind])):
            found = scans(office, lambda kind=kind, filters=filters: office.list_page(kind, filters=filters))
            assert found == [], (kind, filters)


def test_screens_run_along_indexes(office: Office) -> None:
    saved = office.record("Reception", WALK_IN)
    assert saved.case is not None
    case = saved.case.id
    asked = {
        "today": office.today,
        "coverage": office.coverage,
        "month": lambda: office.month_visits(2026, 11),
        "exchange": office.exchange_state,
        "count": lambda: (office.count("Case"), office.count("Case", {"status": "CLOSED"})),
        "problems": office.problems,
        "search": lambda: (
            office.search("水库"),
            office.search("水库渗漏"),
            office.search("43102"),
            office.search("水"),
        ),
        "similar": lambda: office.similar("水库渗漏影响下游田地"),
        "case": lambda: (office.show("Case", case), office.steps(case), office.clocks(case)),
        "reception": lambda: office.show("Reception", saved.id),
        "papers": lambda: [office.list_page(kind, filters={"case": case}) for kind in ("Interview", "Reception")],
        "attachments": lambda: office.attachments("Case", case),
        "correct": lambda: office.correct("Case", case, {"title": "水库渗漏二"}),
        "record": lambda: office.record("Reception", WALK_IN),
        "print": lambda: office.print_form("reception_register", saved.id),
        "places": lambda: (office.find_places("ltj"), office.units(), office.villages()),
    }
    found = {name: walked for name, work in asked.items() if (walked := scans(office, work))}
    assert found == {}, "\n".join(f"{name} {walked}" for name, walked in found.items())
