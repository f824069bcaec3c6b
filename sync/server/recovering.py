"""A custodian's part of a recovery: open one layer of what a profile asks for. Needs his file only, no county home."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sync.domain.errors import Refused
from sync.protocol.limits import MIB
from sync.protocol.recovery import (
    RecoveryRequest,
    RecoveryStep,
    is_request,
    open_inner,
    open_outer,
    read_recovery,
    seal_answer,
    spoken_code,
    spoken_word,
    write_recovery,
)
from sync.server.custodians import CustodianFile, read_share
from sync.server.files import read_named, write_new


@dataclass(frozen=True, slots=True)
class Part:
    """What a custodian did: for whom, the digits to compare, whether the other custodian's turn comes now."""

    request: RecoveryRequest
    code: str
    last: bool
    word: str
    """To be read over the telephone; empty unless asked for and the last part is done."""


def do_part(source: Path, share: Path, out: Path, agree: Callable[[str], bool], *, say: bool = False) -> Part:
    """Open one layer and write what comes next: the step for the other custodian, or the answer for the profile.

    ``agree`` is asked with the digits before anything is opened. Raises Damaged ``recovery.*``,
    ``county.custodian_file``, Refused ``recovery.foreign``, ``.other_first``, ``.not_this_custodian``,
    ``.code_differs``.
    """
    custodian, data = read_share(share), _read(source)
    if is_request(data):
        request = read_recovery(data, RecoveryRequest)
        code = _agreed(request, custodian, agree)
        write_new(out, write_recovery(open_outer(request, custodian.custodian, custodian.private_key)))
        return Part(request, code, last=False, word="")
    step = read_recovery(data, RecoveryStep)
    code = _agreed(step.request, custodian, agree)
    word = open_inner(step, custodian.custodian, custodian.private_key)
    write_new(out, write_recovery(seal_answer(step.request, word)))
    return Part(step.request, code, last=True, word=spoken_word(word) if say else "")


def _agreed(request: RecoveryRequest, custodian: CustodianFile, agree: Callable[[str], bool]) -> str:
    if request.county != custodian.county:
        raise Refused("recovery.foreign", county=request.county)
    code = spoken_code(request)
    if not agree(code):
        raise Refused("recovery.code_differs")
    return code


def _read(path: Path) -> bytes:
    return read_named(path, MIB)
