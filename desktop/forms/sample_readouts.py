"""Made-up records in the JSON shape of ``show``, by the form that prints them."""

from types import MappingProxyType
from typing import Any

from desktop.forms.sample_cases import CASE_PAPERS
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

INTERVIEW: dict[str, Any] = {
    "number": "431021102-2026-A-00033-0",
    "formal": False,
    "started_at": "2026-11-20T14:10",
    "ended_at": "2026-11-20T15:02",
    "place": "仁义镇信访接待室",
    "interviewers": ["张明", "李芳"],
    "recorder": "李芳",
    "recorded": False,
    "complainant": RECEPTION["complainant"],
    "person_facts": "独自来访,2016年至2020年任三组组长。",
    "exchanges": [
        {"question": "请说明您反映的主要问题。", "answer": "反映上坊村水渠维修款去向不明，共12万元，只修了约300米。"},
        {"question": "您是怎么知道这笔款项数额的？", "answer": "去年村民代表会上念过预算，我当场记了下来，有笔记本。"},
        {"question": "村里对资金去向作过说明吗？", "answer": "问过两次，都说用到别的项目上了，但没有给看账目。"},
        {"question": "您有什么证据材料？", "answer": "收据复印件2份，现场照片3张，已当面提交。"},
        {"question": "您的诉求是什么？", "answer": "请求核查资金使用情况，把账目公开。"},
        {"question": "还有什么需要补充的吗？", "answer": "没有了。"},
    ],
}

RETURN_VISIT: dict[str, Any] = {
    "number": "431021102-2026-A-00040-3",
    "case": {"id": "c" * 32, "number": "431021102-2026-A-00031-4"},
    "at": "2026-12-20T10:00",
    "contact_mode": "RETURN",
    "staff": ["张明", "邓慧"],
    "answer_received": True,
    "answer_kept": True,
    "manner": "SATISFIED",
    "opinion": "账目已经张贴，希望以后每季度都公开。",
    "satisfaction": "BASIC",
    "rework": False,
}

RATING: dict[str, Any] = {
    "timely": "SATISFIED",
    "manner": "SATISFIED",
    "lawful": "BASIC",
    "open": "BASIC",
    "result": "SATISFIED",
    "overall": "SATISFIED",
    "suggestions": "希望答复时把依据写得再明白一些。",
}

READOUTS: MappingProxyType[str, Readout] = MappingProxyType(
    {
        "visit_record": VISIT,
        "reception_register": RECEPTION,
        "interview_record": INTERVIEW,
        "stay_summary": VISIT,
        **CASE_PAPERS,
        "revisit_record": RETURN_VISIT,
        "satisfaction_form": RATING,
        "reception_receipt": RECEPTION,
        "sealed_handover": SEALED,
    }
)
