"""What a stick holds: sort files into complete sets of answers for this device, whatever else lies beside them.

Every state has its own error: nothing there, another county's, another device's, of another kind, damaged, a part
missing, an earlier answer missing. Nothing is applied here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.client.asking import open_answer
from sync.client.link import CountyLink
from sync.domain.errors import Damaged, LiandongError
from sync.protocol.carried import CarriedFile, CarriedKind, check_carried, join_parts, read_carried
from sync.protocol.envelope import read_header
from sync.protocol.messages import Answer


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """All answers of one carried round, in order, proven."""

    files: tuple[str, ...]
    answers: tuple[Answer, ...]

    @property
    def first_position(self) -> int:
        """The position its first page follows."""
        return min(answer.from_position for answer in self.answers)


@dataclass(slots=True)
class _Parts:
    files: list[tuple[str, CarriedFile]] = field(default_factory=list)


def read_sets(link: CountyLink, files: Mapping[str, bytes], *, passing_over: bool = False) -> list[AnswerSet]:
    """Sets of answers by the position they follow; ``files`` are bytes by name.

    ``passing_over``: a whole folder was named, so what is not meant for this device is passed over while there is
    something that is. Raises Damaged ``carried.*`` and ``envelope.*``, Refused where the county refused.
    """
    groups: dict[str, _Parts] = {}
    passed: list[LiandongError] = []
    for name, data in files.items():
        try:
            file = _read_part(link, data)
        except Damaged as error:
            if not passing_over:
                raise
            passed.append(error)
            continue
        groups.setdefault(file.set_id, _Parts()).files.append((name, file))
    if not groups:
        raise passed[0] if passed else Damaged("carried.none")
    sets = [_open_set(link, parts) for parts in groups.values()]
    return sorted(sets, key=lambda one: one.first_position)


def _read_part(link: CountyLink, data: bytes) -> CarriedFile:
    """A file that is for this device, as far as can be told before its set is whole."""
    file = read_carried(data)
    check_carried(
        CarriedFile(file.kind, file.county, file.envelopes, 1, 1, file.set_id),
        CarriedKind.EXCHANGE_ANSWER,
        link.card.county,
    )
    if any(read_header(envelope).device != link.device for envelope in file.envelopes):
        raise Damaged("envelope.wrong_device")
    return file


def _open_set(link: CountyLink, parts: _Parts) -> AnswerSet:
    whole = join_parts(file for _, file in parts.files)
    answers = tuple(open_answer(link, envelope, None) for envelope in whole.envelopes)
    if not answers:
        raise Damaged("carried.damaged")
    return AnswerSet(tuple(name for name, _ in parts.files), answers)
