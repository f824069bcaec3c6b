"""A fresh store on a real file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.storage.store import Store
from tests.storage.profiles import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "profile") as made:
        yield made
