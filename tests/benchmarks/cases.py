"""Made-up Chinese cases of the size the targets name: about 1 590 bytes as JSON, 400 characters of body."""

import random
from typing import Any

SIGNS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
    "同工也能下过子说产种面而方后多定行学法所民得经"
)
BODY_SIGNS, TITLE_SIGNS = 400, 18


def make_cases(count: int, seed: int) -> list[dict[str, Any]]:
    """``count`` cases in the shape ``liandong record Case`` takes, without complainant; the same for the same seed."""
    lots = random.Random(seed)
    return [_make_case(lots, index) for index in range(count)]


def _make_case(lots: random.Random, index: int) -> dict[str, Any]:
    def text(signs: int) -> str:
        return "".join(lots.choices(SIGNS, k=signs))

    return {
        "source_channel": "LETTER",
        "external_number": f"X{index:08d}",
        "received_at": f"2026-{1 + index % 11:02d}-{1 + index % 28:02d}T09:{index % 60:02d}",
        "nature": "CLAIM",
        "first_repeat": "FIRST",
        "problem_tag": "VILLAGE_AFFAIRS",
        "title": text(TITLE_SIGNS),
        "content": text(BODY_SIGNS),
        "claim": text(30),
        "remark": text(20),
    }
