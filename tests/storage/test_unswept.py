"""The collector rests while a page is read or applied, and only then."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from desktop.storage.county_pages import CountyPages
from desktop.storage.page_bodies import PageBodies
from desktop.storage.unswept import unswept
from tests.storage.county import TinyCounty, exchange
from tests.storage.profiles import NOW, case, new_store


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_it_rests_until_the_last_block_ends() -> None:
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(unswept())
        second.enter_context(unswept())
        first.close()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_trouble() -> None:
    with pytest.raises(ValueError, match="page"), unswept():
        raise ValueError("page")
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    with unswept():
        pass
    assert not gc.isenabled()


def test_pages_are_read_and_applied_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    bodies, apply = PageBodies.__init__, CountyPages.apply

    def read(self: PageBodies, *values: object) -> None:
        seen.extend([gc.isenabled()] * len(values))
        bodies(self, *values)  # type: ignore[arg-type]

    def take(self: CountyPages, *values: object) -> None:
        seen.append(gc.isenabled())
        apply(self, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(PageBodies, "__init__", read)
    monkeypatch.setattr(CountyPages, "apply", take)
    county = TinyCounty(echo=False)
    with new_store(tmp_path / "maker") as maker:
        with maker.work("张明", "TOWN_CDI", NOW) as work:
            work.add(case())
        exchange(maker, county)
    county.unbroken, county.last_hash = 0, bytes(32)
    with new_store(tmp_path / "reader") as store:
        seen.clear()
        answer = county.answer(0)
        store.sync.read_ahead(answer)
        assert gc.isenabled()
        store.sync.apply_answer(answer)
    assert seen == [False, False]
    assert gc.isenabled()
