"""Made-up visits and walk-ins of the demonstration, in the input shapes of ``record``. No person or event is real."""

from itertools import count, islice
from typing import Any

from sync.shipped.divisions import read_county

VISITS = (
    ("查看村务公开栏和低保公示，走访水渠沿线农户。", "水渠第三段漏水，影响二十余亩晚稻。"),
    ("核对耕地地力保护补贴名册，与种粮大户座谈。", "两户补贴面积与实际不符，需向农业办核实。"),
    ("入户了解危房改造进度，看望五保老人。", "改造款到账较晚，施工队催款。"),
    ("暗访集体鱼塘承包情况，调阅三资台账。", "承包合同到期未重新公开招标。"),
    ("参加屋场会，听取对环境整治的意见。", "垃圾转运点设置离住户太近。"),
    ("走访新型农村合作医疗报销户，宣讲政策。", "对异地就医报销流程不清楚。"),
)
FINDINGS = (
    ("路灯损坏三盏，当场联系电管员更换。", "SOLVED", "VILLAGE_AFFAIRS"),
    ("集体鱼塘承包款未在公开栏公示，请村里十日内补公示。", "FOLLOW", "SANZI"),
    ("反映机耕道工程以次充好，附照片三张。", "CLUE", "PROJECT"),
)
MATTERS = (
    (
        "反映村干部截留水稻补贴",
        "二〇二五年度水稻补贴未足额发放到户，多次到村部询问，答复前后不一。",
        "查清补贴去向并补发。",
        "ACCUSE",
    ),
    ("反映低保评定优亲厚友", "村低保评议未张榜公示，条件更差的农户未纳入。", "重新公开评议。", "ACCUSE"),
    ("请求解决宅基地纠纷", "与邻户共用晒谷坪，邻户砌墙占用通道。", "请镇里到场丈量并调解。", "CLAIM"),
    ("建议公开集体山林流转合同", "山林流转合同群众不知情，建议张榜公布。", "公布合同和收支。", "ADVICE"),
    ("反映机耕道工程质量问题", "上月完工的机耕道已多处开裂，厚度不足。", "请组织验收并返工。", "ACCUSE"),
    ("反映征地补偿款发放迟缓", "征地协议签订已一年，补偿款只到位一半。", "说明原因并限期发放。", "CLAIM"),
)
SURNAMES = ("李", "王", "欧阳", "刘", "陈", "䶮", "黄", "周", "胡", "邓")
GIVEN = ("建国", "秀英", "文彬", "桂兰", "海燕", "志强", "晓东", "雪梅")
STAFF = ("张明", "李芳", "何俊", "周敏")
RARE = "𬭎㼆㙍"
IMPORTED = 12


def villages_of(town: str) -> list[str]:
    """Codes of a town's villages, in order."""
    return [place.code for place in read_county(town[:6]) if place.parent == town]


def person(index: int) -> str:
    """A made-up name."""
    return SURNAMES[index % len(SURNAMES)] + GIVEN[index * 3 % len(GIVEN)]


def visits(town: str, how_many: int) -> list[dict[str, Any]]:
    """Visits to different villages of a town, each with two households and three findings."""
    villages = villages_of(town)
    return [visit(villages[index % len(villages)], index) for index in range(how_many)]


def visit(village: str, index: int) -> dict[str, Any]:
    """One visit."""
    summary, problem = VISITS[index % len(VISITS)]
    day = 2 + index % 24
    return {
        "contact_mode": ("SCREEN", "STAY", "HOUSE")[index % 3],
        "village": village,
        "group": f"{1 + index % 9}组",
        "started_at": f"2026-11-{day:02}T09:{10 + index % 40}",
        "ended_at": f"2026-11-{day:02}T11:{10 + index % 40}",
        "visitors": [STAFF[index % 4], STAFF[(index + 1) % 4]],
        "unannounced": index % 2 == 0,
        "problems": problem,
        "summary": summary,
        "households": [household(2 * index), household(2 * index + 1)],
        "findings": [finding(index, row) for row in FINDINGS],
    }


def household(index: int) -> dict[str, Any]:
    """A family met on a visit."""
    return {
        "name": person(index),
        "age": 31 + index * 7 % 50,
        "family": f"{2 + index % 5}口人",
        "address": f"{1 + index % 9}组{3 + index}号",
        "note": "家有学生一名，盼修通组公路。",
    }


def finding(index: int, row: tuple[str, str, str]) -> dict[str, Any]:
    """Something the visit turned up."""
    text, outcome, tag = row
    return {
        "text": text,
        "outcome": outcome,
        "problem_tag": tag,
        "responsible": STAFF[index % 4],
        "due": f"2026-12-{1 + index % 28:02}",
    }


def walk_ins(how_many: int, start: int = 0) -> list[dict[str, Any]]:
    """Walk-ins of all kinds, none of them sealed."""
    return [walk_in(index) for index in islice(count(start), how_many)]


def walk_in(index: int) -> dict[str, Any]:
    """One walk-in; every fourth asks for protection."""
    title, content, claim, nature = MATTERS[index % len(MATTERS)]
    accused = [{"name": person(index + 5), "unit": "村民委员会", "post": "村委会委员", "managed_by": "VILLAGE"}]
    return {
        "contact_mode": "RECEIVE",
        "received_at": f"2026-11-{3 + index % 24:02}T14:{10 + index % 45}",
        "place": "信访接待室",
        "people": 1 + index % 3,
        "first_repeat": "FIRST",
        "nature": nature,
        "title": title,
        "content": content,
        "claim": claim,
        "materials": "书面材料1份、照片3张",
        "receiver": STAFF[index % 4],
        "secrecy": "PROTECTED" if index % 4 == 3 else "NORMAL",
        "complainant": complainant(index),
        "accused": accused if nature == "ACCUSE" else [],
    }


def complainant(index: int) -> dict[str, Any]:
    """Who came; the second has a name of rare characters."""
    return {
        "identity": "REAL",
        "name": "龚" + RARE if index == 1 else person(index + 11),
        "sex": "FM"[index % 2],
        "age": 35 + index * 5 % 40,
        "phone": f"1390735{4100 + index}",
        "address": f"{1 + index % 9}组",
    }


def sealed_stub() -> dict[str, Any]:
    """All that is kept of a sealed matter."""
    return {
        "received_at": "2026-11-20T15:30",
        "secrecy": "SEALED",
        "envelope_number": "密封〔2026〕3号",
        "handed_to": "县纪委信访室",
    }


def letter() -> dict[str, Any]:
    """A letter to the county office, to be forwarded to a town."""
    return {
        "source_channel": "LETTER",
        "received_at": "2026-11-18T10:00",
        "nature": "CLAIM",
        "title": "请求落实灌溉渠道维修资金",
        "content": "渠道冲毁两年未修，春耕用水困难，请协调维修资金。",
        "claim": "明年春耕前修复。",
        "complainant": {"identity": "ANON"},
    }


def spreadsheet_rows() -> list[tuple[str, ...]]:
    """Headings and rows of a made-up export of citizens' messages; the last row has no text and will be a reject."""
    headings = ("留言编号", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
    rows = [
        (
            f"WM2026{index:04}",
            MATTERS[index % len(MATTERS)][0],
            f"2026/10/{1 + index} 09:30:00",
            f"\n\t{MATTERS[index % len(MATTERS)][1]}",
            "您好，来信收悉，已转相关单位核实办理。",
            f"2026/10/{9 + index} 16:00:00",
        )
        for index in range(IMPORTED)
    ]
    return [headings, *rows, ("WM20269999", "", "2026/10/30 08:00:00", "", "", "")]


MAP = """\
[columns]
external_number = "留言编号"
title = "留言主题"
received_at = "留言时间"
content = "留言详情"
reply = "答复意见"
replied_at = "答复时间"

[defaults]
source_channel = "WEB"
"""
