"""Lines of verbs on stdout and stderr: UTF-8 whatever the code page, and no trouble of who listens undoes work.

A GBK console of Windows has no rare characters; bytes are written, and what cannot be shown is the console's business.
"""

import os
from contextlib import suppress
from typing import TextIO

from sync.domain.errors import NeedsPerson


def write_line(stream: TextIO | None, line: bytes, not_said: str) -> None:
    """A stream that is closed, or whose reader has gone, changes nothing of what was done.

    Raises NeedsPerson with the key ``not_said`` (value ``reason``) where it cannot be written otherwise.
    """
    if stream is None:
        return
    try:
        stream.buffer.write(line + b"\n")
        stream.buffer.flush()
    except BrokenPipeError:
        _to_nowhere(stream)
    except OSError as error:
        _to_nowhere(stream)
        raise NeedsPerson(not_said, reason=error.strerror or "-") from error


def _to_nowhere(stream: TextIO) -> None:
    """What is left in the stream goes nowhere, instead of being tried again at the end of the program."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
