"""A bug at the county is told by its kind and place; what it was about stays out of the log."""

import io
import json
import logging

from sync.server.faults import FaultFormatter

SECRET = "李小龙13800000000"


def broken(value: str) -> None:
    try:
        raise KeyError(value)
    except KeyError as error:
        raise ValueError(f"no such thing: {value}") from error


def test_a_bug_is_told_without_what_it_was_about() -> None:
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(FaultFormatter("%(message)s"))
    log = logging.Logger("uvicorn.error")
    log.addHandler(handler)
    log.warning("a line as it is")
    try:
        broken(SECRET)
    except ValueError:
        log.exception("Exception in ASGI application")
    plain, line = said.getvalue().splitlines()
    told = json.loads(line)
    assert (plain, told["error"]) == ("a line as it is", ["ValueError", "KeyError"])
    assert told["at"][0].startswith("tests/server/test_faults.py:")
    assert told["at"][0].endswith(" broken")
    assert SECRET not in said.getvalue()
