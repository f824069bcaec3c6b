"""Made-up records in the JSON shape of ``show``, by the form that prints them."""

from types import MappingProxyType
from typing import Any

from desktop.forms.values import PrintContext, Readout

_PLACES = {"431021102201": "仁义镇上坊村"}
_UNITS = {"431021": "桂阳县", "431021102": "仁义镇"}


def _place_name(code: str) -> str:
    return _PLACES.get(code, code)


def _unit_label(code: str) -> str:
    return _UNITS.get(code, code)


CONTEXT = PrintContext(
    unit_name="桂阳县仁义镇人民政府",
    county_name="桂阳县",
    contact="0735-0000000，仁义镇人民政府一楼接待室",
    place_name=_place_name,
    unit_label=_unit_label,
)

VISIT: dict[str, Any] = {
    "number": "431021102-2026-A-00017-6",
    "contact_mode": "SCREEN",
    "started_at": "2026-11-20T09:10",
    "ended_at": "2026-11-20T11:40",
    "village": "431021102201",
    "group": "三组",
    "visitors": ["张明", "李芳"],
    "company": "村务监督委员会主任 邓田生",
    "unannounced": True,
    "households": [
        {
            "name": "欧阳震䶮",
            "sex": "M",
            "age": 56,
            "family": "5口人，2人外出务工",
            "address": "上坊村三组12号",
            "phone": "138****0000",
            "note": "愿意配合回访",
        },
        {"name": "何㼆香", "sex": "F", "age": 61, "family": "独居", "address": "上坊村三组15号"},
    ],
    "background": "三组共42户，以水稻、烤烟种植为主，今年秋季维修灌溉水渠约300米。",
    "problems": "水渠维修款拨付三个月，仍有约200米未修；低保名单未上墙公示。",
    "suggestions": "建议村务公开栏每月更新，重大开支先公示再列支。",
    "solved": "当场请村会计出示收支单据，群众表示认可。",
    "findings": [
        {
            "text": "水渠维修款使用情况未公示",
            "outcome": "FOLLOW",
            "problem_tag": "VILLAGE_AFFAIRS",
            "responsible": "张明",
            "due": "2026-12-01",
        },
        {
            "text": "低保对象认定程序解释不清",
            "outcome": "ANSWERED",
            "problem_tag": "LOWINCOME",
            "responsible": "李芳",
        },
        {
            "text": "反映原村干部截留耕地补贴",
            "outcome": "CLUE",
            "problem_tag": "SUBSIDY",
            "responsible": "张明",
            "due": "2026-11-25",
        },
    ],
    "summary": "走访2户，群众最关心账目公开和水渠进度。",
    "reflection": "账目多公开一次，疑问就少一半。",
}

RECEPTION: dict[str, Any] = {
    "number": "431021102-2026-A-00031-4",
    "contact_mode": "RECEIVE",
    "received_at": "2026-11-20T14:05",
    "place": "仁义镇信访接待室",
    "people": 1,
    "first_repeat": "FIRST",
    "skip_level": False,
    "told_before": "2026年9月向村委会反映",
    "told_result": "口头答复，未解决",
    "nature": "ACCUSE",
    "problem_tag": "SANZI",
    "village": "431021102201",
    "urgency": "NORMAL",
    "title": "反映村水渠维修款去向不明",
    "content": "2025年秋季水渠维修款共12万元，村里只修了约300米，其余资金没有公示。多次询问，均看不到账目。",
    "claim": "请求核查资金使用情况并公开账目。",
    "materials": "收据复印件2份，照片3张。",
    "receiver": "张明",
    "proposal": "建议转镇纪委核查。",
    "secrecy": "NORMAL",
    "complainant": {
        "identity": "REAL",
        "complainant_type": "VILLAGER",
        "name": "周𬭎",
        "sex": "F",
        "age": 61,
        "ethnicity": "汉族",
        "political_status": "群众",
        "id_number": "431021196500000000",
        "phone": "13800000000",
        "address": "桂阳县仁义镇上坊村三组",
    },
    "accused": [
        {
            "name": "雷㙍生",
            "unit": "上坊村村民委员会",
            "post": "主任",
            "level": "VILLAGE_CADRE",
            "managed_by": "VILLAGE",
        }
    ],
}

SEALED: dict[str, Any] = {
    "number": "431021102-2026-A-00032-2",
    "secrecy": "SEALED",
    "received_at": "2026-11-20T15:30",
    "envelope_number": "密封2026-017",
    "handed_to": "桂阳县纪委监委信访室",
}

READOUTS: MappingProxyType[str, Readout] = MappingProxyType(
    {
        "visit_record": VISIT,
        "reception_register": RECEPTION,
        "stay_summary": VISIT,
        "reception_receipt": RECEPTION,
        "sealed_handover": SEALED,
    }
)
