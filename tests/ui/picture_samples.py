"""What pictures show besides the profiles: papers being typed, troubles, what the county's server would answer."""

from desktop.services.problem_shapes import ApartRow, BatchRow, BlobCounts, ConflictRow, Problems, ToldRow
from sync.protocol.county_desk import TownRow, TownsAnswer, WaitingRow
from sync.protocol.held_desk import HeldAnswer, HeldDevice
from tests.services.offices import NOW
from tests.ui.sample_profiles import LONG_NAME, LONG_TITLE

VISIT = {
    "village": "431021102205",
    "visitors": ["张明", "李芳"],
    "summary": "查看村务公开栏,核对补贴名册。",
    "households": [{"name": "陈建国", "age": 56, "address": "3组12号", "note": "反映水渠漏水"}],
    "findings": [{"text": "鱼塘承包款未入账", "outcome": "FOLLOW", "problem_tag": "SANZI", "due": "2026-12-01"}],
}
WALK_IN = {
    "people": 1,
    "title": "反映村道路硬化资金未公示",
    "content": "昭金村2025年道路硬化项目资金使用情况至今未在村务公开栏公示,多次询问未得到答复。",
    "claim": "公示项目账目",
    "complainant": {"identity": "REAL", "name": "王秀英", "phone": "13900000812"},
    "accused": [{"managed_by": "VILLAGE", "name": "李某某", "unit": "昭金村村委会", "post": "主任"}],
}
UNIT, CASE = "431021102", "a" * 32
CONFLICT = ConflictRow(
    "1", "Case", CASE, CASE, "431021102-2026-A-00017-6", LONG_TITLE[:120], UNIT, "仁义镇", "problem_tag", "SANZI",
    "PROJECT", "张明", "李芳", NOW,
)  # fmt: skip
HELD = HeldAnswer(
    1,
    0,
    (
        HeldDevice("9f0c2d4e6a8b1c3d5e7f9a0b2c4d6e8f", UNIT, "仁义镇", "张明", 12, 3, "2026-11-20T14:05:00", True),
        HeldDevice(
            "1f0c2d4e6a8b1c3d5e7f9a0b2c4d6e8f", "431021107", "太和镇", "李芳", 1, 1, "2026-11-21T09:05:00", False
        ),
    ),
    {},
)
APART = ApartRow("2", "c", UNIT, "仁义镇", "张明", "authority.county_only", ("Visit", "Finding"), NOW)
TOLD = ToldRow("3", "Case", CASE, "路灯不亮", "received_at", "2026-11-20T09:10", {"masked": True}, "何主任", NOW)
PROBLEMS = Problems((CONFLICT,), (APART,), (TOLD,))
BATCHES = [
    BatchRow(
        "仁义镇.ldx",
        "accepted",
        "exchange",
        UNIT,
        "仁义镇",
        "1A2B",
        {"accepted": 12, "conflict": 1},
        ("a",),
        blobs=BlobCounts(3, 2, 1, 1),
    ),
    BatchRow("坏.ldx", "damaged", "", "", "", "", {}, (), "carried.foreign", {"county": "431022"}),
]
TOWNS = TownsAnswer(
    1, NOW, tuple(TownRow(f"4310211{at:02}", f"第{at}镇", 1, NOW, at, at % 3, 0, 0, 0, at % 2 == 0) for at in range(9))
)

WAITING = (
    WaitingRow("d" * 32, UNIT, "仁义镇", "张明", "TOWN_CDI", "", NOW, "1234 5678 9012 3456 7890", False),
    WaitingRow(
        "e" * 32, UNIT, "第十二镇", LONG_NAME, "RECEPTION", "接访室二号机", NOW, "0987 6543 2109 8765 4321", True
    ),
)
