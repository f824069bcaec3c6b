"""A county's home in the making: whole at the end or cleared away; what a killed attempt left is cleared first."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout

from sync.domain.errors import Refused
from sync.server.home import CountyHome, HomeFacts
from sync.server.postgres import Cluster


@contextmanager
def making_home(home: CountyHome, facts: HomeFacts) -> Iterator[None]:
    """The folders of a new county. It has its facts, and so is a home, only once the block ended well.

    Raises Refused ``county.home_taken`` where a county is there already or is just being made.
    """
    home.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    try:
        with _alone(home):
            _make(home, facts)
            try:
                yield
                home.finish()
            finally:
                if home.is_unfinished():
                    _clear(home)
    finally:
        with suppress(OSError):  # somebody's own files may lie there
            home.folder.rmdir()


@contextmanager
def _alone(home: CountyHome) -> Iterator[None]:
    lock = FileLock(home.folder / "making.lock", timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise Refused("county.home_taken", home=home.folder) from error
    try:
        yield
    finally:
        lock.release()
        (home.folder / "making.lock").unlink(missing_ok=True)


def _make(home: CountyHome, facts: HomeFacts) -> None:
    if home.is_unfinished():
        _clear(home)
    home.prepare(facts)


def _clear(home: CountyHome) -> None:
    Cluster(home.postgres_folder, "").discard()
    shutil.rmtree(home.keys_folder, ignore_errors=True)
    home.forget_unfinished()
