"""How soon cases were answered: counted along an index, and the same as counted one by one."""

from collections.abc import Iterator
from typing import Any

import pytest

from desktop.services.office import Office
from desktop.services.reports import ANSWER_LIMITS
from sync.domain.records import Case
from sync.domain.times import local_date
from tests.services.offices import make_profile, opened

DAYS = ("2026-11-20T23:59", "2026-11-21T00:01", "2026-12-05T09:00", "2027-01-19T09:00", "2027-02-18T09:00")


def letter(**more: Any) -> dict[str, Any]:
    return {"source_channel": "LETTER", "received_at": "2026-11-20T09:10", "title": "请求修渠", **more}


@pytest.fixture(scope="module", params=["CDI_STAFF", "HANDLER", "TOWN_OFFICE"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Cases of every nature, answered or not, one void, one about the reader, one classified otherwise."""
    with opened(make_profile(tmp_path_factory.mktemp("reports") / "profile", request.param)) as made:
        for nature in ("CLAIM", "ACCUSE", None):
            for replied in (*DAYS, None):
                made.record("Case", letter(nature=nature, replied_at=replied, reply="已答复"))
        about = [{"name": made.facts.user, "managed_by": "VILLAGE"}]
        made.record("Case", letter(replied_at=DAYS[4], nature="CLAIM", accused=about))
        made.record("Case", letter(replied_at=DAYS[3], accused=[{"name": "某某", "managed_by": "VILLAGE"}]))
        gone = made.record("Case", letter(replied_at=DAYS[4], nature="CLAIM"))
        made.void("Case", gone.id, "重复登记")
        turned = made.record("Case", letter(replied_at=DAYS[2], nature="CLAIM"))
        made.step(turned.id, "CLASSIFY", {"nature": "ACCUSE"})
        yield made


def one_by_one(office: Office) -> dict[str, Any]:
    cases: list[Case] = []
    for row in office.list_page("Case", limit=1000).rows:
        record = office._desk.require("Case", row.id).record
        assert isinstance(record, Case)
        if record.replied_at is not None and not row.void:
            cases.append(record)
    days = [(local_date(case.replied_at or 0) - local_date(case.received_at)).days for case in cases]
    spans = [((case.replied_at or 0) - case.received_at) // 86_400_000 for case in cases]
    within = {str(limit): sum(day <= limit for day in days) for limit in ANSWER_LIMITS}
    return {"total": len(cases), "within": within, "longest": max(spans)}


def test_the_figures_are_those_counted_one_by_one(office: Office) -> None:
    found = office.report("answer-delay")
    expected = one_by_one(office)
    assert {name: found[name] for name in expected} == expected
    assert [found[f"within_{limit}"] for limit in ANSWER_LIMITS] == list(expected["within"].values())
