"""Files that verbs read and write: passphrases, JSON input, results."""

import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

from sync.domain.errors import Refused
from sync.private_files import write_private

STANDARD = "-"
MOST_INPUT_BYTES = 64_000_000


def read_passphrase(path: Path) -> str:
    """The first line of a passphrase file: UTF-8, NFC, without its line ending."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("cli.no_passphrase_file", file=path.name) from error
    line = text.split("\n", 1)[0].removesuffix("\r")
    if not line:
        raise Refused("cli.empty_passphrase", file=path.name)
    return unicodedata.normalize("NFC", line)


def read_json(path: str) -> Any:
    """The JSON of a file, or of stdin for ``-``."""
    name = Path(path).name
    try:
        data = sys.stdin.buffer.read(MOST_INPUT_BYTES) if path == STANDARD else _read(Path(path))
    except OSError as error:
        raise Refused("cli.no_file", file=name) from error
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused("cli.not_json", file=name) from error


def read_file(path: Path) -> bytes:
    """The bytes of a file that was named."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("cli.no_file", file=path.name) from error


def read_text(path: Path) -> str:
    """The UTF-8 text of a file that was named."""
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("cli.not_text", file=path.name) from error


def write_file(path: Path, data: bytes) -> None:
    """Write a result whole or not at all, readable by its owner only; folders are made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, data)
    except OSError as error:
        raise Refused("cli.cannot_write", file=path.name, reason=error.strerror or "-") from error


def _read(path: Path) -> bytes:
    if path.stat().st_size > MOST_INPUT_BYTES:
        raise Refused("cli.input_too_large", file=path.name)
    return path.read_bytes()
