"""Files that verbs read and write: passphrases, JSON input, results."""

import errno
import json
import os
import sys
import unicodedata
from pathlib import Path
from typing import Any

from sync.domain.errors import InvalidInput, Refused
from sync.private_files import open_private, unfinished_name, write_private
from sync.protocol.limits import MAX_CARRIED_BYTES, MAX_TICKET_BYTES

STANDARD = "-"
MOST_INPUT_BYTES = 64_000_000
MOST_PASSPHRASE_BYTES = 4096
"""Of the first line; a longer one is another file named by mistake."""


def read_passphrase(path: Path) -> str:
    """The first line of a passphrase file: UTF-8, NFC, without its line ending."""
    try:
        with path.open("rb") as file:
            first = file.readline(MOST_PASSPHRASE_BYTES + 1)
        line = first.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("cli.no_passphrase_file", file=path.name) from error
    if not line:
        raise Refused("cli.empty_passphrase", file=path.name)
    if len(first) > MOST_PASSPHRASE_BYTES:
        raise Refused("cli.no_passphrase_file", file=path.name)
    return unicodedata.normalize("NFC", line)


def read_json(path: str) -> Any:
    """The JSON of a file, or of stdin for ``-``."""
    name = Path(path).name
    data = _standard_input() if path == STANDARD else read_file(Path(path), MOST_INPUT_BYTES)
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_each_name_once)
    except (ValueError, RecursionError) as error:
        raise Refused("cli.not_json", file=name) from error


def read_file(path: Path, most: int = MAX_CARRIED_BYTES) -> bytes:
    """The bytes of a file that was named; one of more than ``most`` bytes is refused unread."""
    try:
        with path.open("rb") as file:
            if path.stat().st_size > most:
                raise Refused("cli.input_too_large", file=path.name)
            data = file.read(most + 1)
    except OSError as error:
        raise Refused("cli.no_file", file=path.name) from error
    if len(data) > most:
        raise Refused("cli.input_too_large", file=path.name)
    return data


def read_ticket(path: Path) -> bytes:
    """The bytes of a ticket's file."""
    return read_file(path, MAX_TICKET_BYTES)


def read_text(path: Path) -> str:
    """The UTF-8 text of a file that was named."""
    try:
        return read_file(path, MOST_INPUT_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("cli.not_text", file=path.name) from error


def check_place(path: Path) -> None:
    """Refuse a place where nothing can be written before anything is done that counts on it."""
    if path.is_dir():
        raise Refused("cli.cannot_write", file=path.name, reason=os.strerror(errno.EISDIR))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = unfinished_name(path)
        open_private(probe).close()
        probe.unlink()
    except OSError as error:
        raise Refused("cli.cannot_write", file=path.name, reason=error.strerror or "-") from error


def write_file(path: Path, data: bytes) -> None:
    """Write a result whole or not at all, readable by its owner only; folders are made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, data)
    except OSError as error:
        raise Refused("cli.cannot_write", file=path.name, reason=error.strerror or "-") from error


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(MOST_INPUT_BYTES + 1)
    if len(data) > MOST_INPUT_BYTES:
        raise Refused("cli.input_too_large", file=STANDARD)
    return data


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different: of two values under one name, one would be lost in silence."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise InvalidInput("cli.named_twice", field=name[:60])
        found[name] = value
    return found
