"""Ids: 32 hex digits, never twice, made together lying together, and nothing in them to guess another by."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from sync.domain.ids import is_id, new_change_id, new_device_id, new_record_id

_RANDOM_FROM = 12
"""Before it stand the start of a run and the place in it."""


def test_ids_are_never_the_same_whatever_thread_makes_them() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = [one for ids in threads.map(lambda _: [new_record_id() for _ in range(2000)], range(8)) for one in ids]
    assert len(set(made)) == len(made) == 16_000 and all(map(is_id, made))
    assert is_id(new_change_id()) and is_id(new_device_id())


def test_ids_made_together_lie_together() -> None:
    made = [new_record_id() for _ in range(10_000)]
    starts = {one[:8] for one in made}
    in_order = sum(a < b for a, b in pairwise(made))
    assert len(starts) <= 4 and in_order >= len(made) - 4


def test_what_is_an_ids_own_is_random() -> None:
    own = [new_record_id()[_RANDOM_FROM:] for _ in range(4000)]
    assert len(set(own)) == len(own)
    for place in range(len(own[0])):
        assert {one[place] for one in own} == set("0123456789abcdef")


def test_each_process_begins_anew() -> None:
    code = "from sync.domain.ids import new_record_id; print(new_record_id()[:8])"
    starts = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)]
    assert starts[0] != starts[1] and new_record_id()[:8].encode() not in (starts[0].strip(), starts[1].strip())
