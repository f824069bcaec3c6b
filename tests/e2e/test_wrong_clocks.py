"""A computer whose clock is years off works as any other, and goes on when somebody sets it right."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.app import open_office
from desktop.clock import now_in_ms
from desktop.services.office import Office as Opened
from sync.domain.numbers import parse_number
from tests.e2e.county import Office

YEARS_MS = 7 * 365 * 86_400_000
CLAIM = {"source_channel": "LETTER", "received_at": "2026-11-20T14:05", "nature": "CLAIM", "title": "水渠"}


@contextmanager
def opened(office: Office, off_by: int) -> Iterator[Opened]:
    """In this process, on a computer whose clock is wrong by so many milliseconds."""
    passphrase = office.passphrase.read_text(encoding="utf-8").splitlines()[0]
    desk = open_office(office.folder, passphrase, clock=lambda: now_in_ms() + off_by)
    try:
        yield desk
    finally:
        desk.close()


def year_of(number: str | None) -> int:
    parsed = parse_number(number or "")
    assert parsed is not None
    return parsed.year


def test_it_exchanges_and_its_numbers_bear_the_county_s_year(new_town: Callable[[], Office], tmp_path: Path) -> None:
    town = new_town()
    paper = tmp_path / "scan.pdf"
    paper.write_bytes(b"%PDF-1.7 scan")
    for off_by in (-YEARS_MS, YEARS_MS):
        with opened(town, off_by) as office:
            assert office.exchange().unsent == 0
            made = office.record("Case", CLAIM)
            office.attach("Case", made.id, paper)
            done = office.exchange()
            assert (done.unsent, done.blobs_waiting, done.agreed) == (0, 0, True)
            assert year_of(made.number) == time.localtime().tm_year
        with opened(town, 0) as office:
            assert year_of(office.record("Case", CLAIM).number) == time.localtime().tm_year
    assert town.exchange().json["unsent"] == 0
