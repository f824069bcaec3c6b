"""What all tests share: no screen, no foreign settings, how often the kill tests strike."""

import os
from collections.abc import Iterator

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("LIANDONG_LANG", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rounds",
        type=int,
        default=2,
        help="how often tests that kill or repeat do so; the acceptance of a release takes 12",
    )


LONG_FIRST = ("e2e", "ui", "server", "scenarios", "services", "storage", "fuzz")
"""Rooms by how long their files take: a worker that begins a long file last would be waited for by the other."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rooms of long files first; within a room the order stays the random one."""
    items.sort(key=lambda item: _rank(item.path.parent.name))


def _rank(room: str) -> int:
    return LONG_FIRST.index(room) if room in LONG_FIRST else len(LONG_FIRST)


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a test that kills or repeats does so."""
    return int(request.config.getoption("--rounds"))


@pytest.fixture(scope="session", autouse=True)
def no_proxies() -> Iterator[None]:
    """Loopback connections never go through a proxy of the machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
        yield
