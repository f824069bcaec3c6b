"""Made visits and walk-ins in the input shapes of ``record``, and what was given compared with what is shown."""

import random
from datetime import datetime, timedelta
from typing import Any

from sync.shipped.divisions import read_county

SURNAMES = "李王张刘陈杨黄周胡曾邓雷何欧阳䶮"
GIVEN = "建国志强秀英桂兰文彬海燕晓东雪梅"
HIDDEN = ("complainant",)
"""Parts of a reception that are shown only with a reason."""


def villages_of(town: str) -> list[str]:
    """Codes of the villages of a town of 桂阳县."""
    return [place.code for place in read_county("431021") if len(place.code) == 12 and place.code.startswith(town)]


def towns() -> list[str]:
    """Codes of the towns of 桂阳县."""
    return [place.code for place in read_county("431021") if len(place.code) == 9]


def name(dice: random.Random) -> str:
    """A made name."""
    return dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2))


def moment(dice: random.Random) -> datetime:
    """A moment of November 2026, to the minute."""
    return datetime(2026, 11, 2, 8, 0) + timedelta(minutes=dice.randrange(18 * 24 * 60))  # noqa: DTZ001 (local input)


def written(value: datetime) -> str:
    """A moment as ``record`` takes it."""
    return value.strftime("%Y-%m-%dT%H:%M")


def visit(dice: random.Random, village: str) -> dict[str, Any]:
    """A village visit with two households and three findings."""
    start = moment(dice)
    return {
        "contact_mode": dice.choice(["SCREEN", "STAY", "HOUSE"]),
        "village": village,
        "started_at": written(start),
        "ended_at": written(start + timedelta(minutes=90)),
        "visitors": [name(dice), name(dice)],
        "unannounced": dice.random() < 0.5,
        "summary": f"走访记要{dice.randrange(10**6)}:查看村务公开栏,核对补贴名册。",
        "households": [household(dice) for _ in range(2)],
        "findings": [finding(dice, outcome) for outcome in ("SOLVED", "FOLLOW", "CLUE")],
    }


def household(dice: random.Random) -> dict[str, Any]:
    """A family met on a visit."""
    return {
        "name": name(dice),
        "age": dice.randrange(20, 90),
        "address": f"{dice.randrange(1, 20)}组{dice.randrange(1, 99)}号",
        "note": f"低保户,反映水渠第{dice.randrange(1, 9)}段漏水",
    }


def finding(dice: random.Random, outcome: str) -> dict[str, Any]:
    """Something a visit turned up."""
    return {
        "text": f"村集体鱼塘承包款{dice.randrange(1000, 90000)}元未入账",
        "outcome": outcome,
        "problem_tag": dice.choice(["SANZI", "SUBSIDY", "VILLAGE_AFFAIRS"]),
        "responsible": name(dice),
        "due": f"2026-12-{dice.randrange(1, 29):02}",
    }


def walk_in(dice: random.Random, **more: Any) -> dict[str, Any]:
    """A walk-in with its complainant and the person complained about."""
    return {
        "contact_mode": "RECEIVE",
        "received_at": written(moment(dice)),
        "place": "乡镇信访接待室",
        "people": 1,
        "first_repeat": "FIRST",
        "nature": "ACCUSE",
        "title": f"反映村干部截留补贴{dice.randrange(10**6)}",
        "content": f"二〇二五年以来,该组水稻补贴{dice.randrange(1000, 9000)}元未发放到户,多次询问无果。",
        "claim": "请求查清去向并退还。",
        "materials": "存折复印件1份",
        "receiver": name(dice),
        "secrecy": "NORMAL",
        "complainant": complainant(dice),
        "accused": [{"name": name(dice), "unit": "某村村委会", "post": "村主任", "managed_by": "VILLAGE"}],
        **more,
    }


def complainant(dice: random.Random) -> dict[str, Any]:
    """Who complains, with a phone and an ID number that no other sample has."""
    return {
        "identity": "REAL",
        "name": name(dice),
        "sex": dice.choice(["F", "M"]),
        "age": dice.randrange(18, 90),
        "phone": f"138{dice.randrange(10**8):08}",
        "id_number": id_number(dice),
        "address": f"某村{dice.randrange(1, 20)}组",
    }


def id_number(dice: random.Random) -> str:
    """A well-formed number of an ID card."""
    body = f"4328221965{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}{dice.randrange(1000):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def differences(given: Any, shown: Any, path: str = "") -> list[str]:
    """Where a shown record lacks or changes a given value; parts that need a reason are left out."""
    if isinstance(given, dict):
        if not isinstance(shown, dict):
            return [f"{path}: {shown!r} instead of {given!r}"]
        named = [(key, value) for key, value in given.items() if key not in HIDDEN]
        return [line for key, value in named for line in differences(value, shown.get(key), f"{path}.{key}")]
    if isinstance(given, list):
        if not isinstance(shown, list) or len(shown) != len(given):
            return [f"{path}: {shown!r} instead of {given!r}"]
        return [line for i, value in enumerate(given) for line in differences(value, shown[i], f"{path}[{i}]")]
    return [] if given == shown else [f"{path}: {shown!r} instead of {given!r}"]
