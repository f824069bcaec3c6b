"""What a request names is looked up one by one by an index, however little the planner knows of the tables."""

import itertools
import re

import pytest
from sqlalchemy import text

from sync.server.county import County
from sync.server.storage import loading, plain_rows


@pytest.mark.parametrize(
    "statement",
    [
        plain_rows._DOSSIERS, plain_rows._DECIDERS, plain_rows._NAMED, loading._OF_DOSSIERS, loading._WITHDRAWN,
        loading._BY_KEY,
    ],
)  # fmt: skip
def test_every_look_up_goes_by_what_is_named(county: County, statement: str) -> None:
    numbers = itertools.count(1)
    numbered = re.sub("%s", lambda _: f"${next(numbers)}", statement)
    with county.engine.connect() as connection:
        plan = connection.execute(text(f"EXPLAIN (GENERIC_PLAN) {numbered}".replace(":", r"\:"))).scalars().all()
    looks = [line for line in plan if "Index Cond" in line]
    assert looks
    assert all("= k." in line for line in looks), "\n".join(plan)
    assert not [line for line in plan if "Seq Scan" in line]
