"""Turn what ``show`` prints (the JSON shape of a record) into words on paper."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desktop.forms.sheet import tick
from sync.domain.times import CHINA_TIME
from sync.domain.vocabularies import VOCABULARIES, label

Readout = Mapping[str, Any]

BLANK_MOMENT = "          年      月      日      时      分"
BLANK_SPAN = "          年      月      日      时      分  至      时      分"
BY_HAND = "＿＿＿＿＿＿"
"""Where a sentence lacks a value: room to write it."""
DAY_BY_HAND = "＿＿＿＿年＿＿月＿＿日"
BLANK_DAY = "          年      月      日"
SIGNED_WHEN = "签名：\n\n                       年      月      日      时      分"
"""Where somebody signs a slip by hand and writes the moment beside it."""
SEALED_IDENTITY = "身份另册密封"
HIDDEN = "（已隐去）"


def _as_given(code: str) -> str:
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintContext:
    """What a form needs beside its record: who prints, and how places and units are called.

    ``place_name`` gives the name of a 12-digit village code, ``unit_label`` that of a unit code; both give back a code
    they do not know.
    """

    unit_name: str = ""
    county_name: str = ""
    contact: str = ""
    """How the office can be reached: telephone and address."""
    place_name: Callable[[str], str] = _as_given
    unit_label: Callable[[str], str] = _as_given


def text(readout: Readout, name: str) -> str:
    """The value of a field as text; nothing for an absent one."""
    value = readout.get(name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(str(item) for item in value)
    return str(value)


def code(readout: Readout, name: str, vocabulary: str) -> str:
    """The Chinese label of a coded field."""
    value = readout.get(name)
    return label(vocabulary, str(value)) if value else ""


def tick_words(words: tuple[str, ...], chosen: str = "") -> str:
    """Words with tick boxes; one that is not among them is added."""
    listed = (*words, chosen) if chosen and chosen not in words else words
    return "  ".join(tick(word == chosen, word) for word in listed)


def options(vocabulary: str, chosen: object = None, *, only: Iterable[str] | None = None) -> str:
    """All terms of a vocabulary with tick boxes, ``chosen`` ticked; a code that is not among them is added."""
    known = VOCABULARIES[vocabulary]
    codes = list(only if only is not None else known.codes)
    if chosen and str(chosen) not in codes:
        codes.append(str(chosen))
    return "  ".join(tick(term == chosen, known.label(term)) for term in codes)


def ticks(vocabulary: str, chosen: Iterable[str], *, only: Iterable[str]) -> str:
    """Terms with tick boxes, where several may be ticked."""
    known, found = VOCABULARIES[vocabulary], set(chosen)
    return "  ".join(tick(term in found, known.label(term)) for term in only)


def yes_no(value: object = None, yes: str = "是", no: str = "否") -> str:
    """Two tick boxes; neither is ticked where nothing is known."""
    return f"{tick(value is True, yes)}  {tick(value is False, no)}"


def day(value: object) -> str:
    """``2026年11月20日`` of a date or a time."""
    if not value:
        return ""
    found = _local(str(value))
    return f"{found.year}年{found.month}月{found.day}日" if found else str(value)


def moment(value: object) -> str:
    """``2026年11月20日 09:10``."""
    if not value:
        return ""
    found = _local(str(value))
    return f"{day(value)} {found:%H:%M}" if found else str(value)


def span(start: object, end: object) -> str:
    """``2026年11月20日 09:10 至 11:40``; the second day is named where it differs."""
    if not end:
        return moment(start)
    first, last = _local(str(start)), _local(str(end))
    if first and last and first.date() == last.date():
        return f"{moment(start)} 至 {last:%H:%M}"
    return f"{moment(start)} 至 {moment(end)}"


def _local(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.astimezone(CHINA_TIME) if found.tzinfo else found


def place(readout: Readout, name: str, context: PrintContext) -> str:
    """The village's name with its code, so that the sheet can be matched to the directory."""
    found = text(readout, name)
    if not found:
        return ""
    named = context.place_name(found)
    return named if named == found else f"{named}（{found}）"


def joined(parts: Iterable[str], separator: str = "；") -> str:
    """The parts that say something."""
    return separator.join(part for part in parts if part)


def labelled(name: str, value: str) -> str:
    """``name：value``, or nothing."""
    return f"{name}：{value}" if value else ""
