"""Made-up cases with what was written for each letter or sheet about them."""

from types import MappingProxyType
from typing import Any

_PETITIONER = {"identity": "REAL", "name": "周𬭎", "phone": "13800000000"}

CLAIM: dict[str, Any] = {
    "number": "431021102-2026-A-00052-8",
    "unit": "431021102",
    "source_channel": "VISIT",
    "received_at": "2026-11-10T09:20",
    "nature": "CLAIM",
    "urgency": "NORMAL",
    "title": "请求解决上坊村三组灌溉水渠失修问题",
    "content": "上坊村三组灌溉水渠多处垮塌，约200米不能通水，影响42户秋种，请求尽快维修。",
    "claim": "请求在春耕前修复三组灌溉水渠。",
    "complainant": _PETITIONER,
}

ACCUSATION: dict[str, Any] = {
    "number": "431021102-2026-A-00031-4",
    "unit": "431021",
    "source_channel": "VISIT",
    "received_at": "2026-11-20T14:05",
    "nature": "ACCUSE",
    "urgency": "NORMAL",
    "title": "反映上坊村水渠维修款去向不明",
    "content": "2025年秋季水渠维修款共12万元，只修了约300米，其余资金没有公示，多次询问均看不到账目。",
    "complainant": {"identity": "REAL", "masked": True},
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

_TOWN = "桂阳县仁义镇人民政府"
_OFFICE = "桂阳县纪委监委信访室"

_ACCEPTED = {
    "document": "仁信受〔2026〕12号",
    "due": "2027-01-19",
    "organ": _TOWN,
    "date": "2026-11-20",
}
_REJECTED = {
    "document": "仁信不受〔2026〕3号",
    "reason": "您反映的事项已由人民法院立案审理，属于应当通过诉讼途径解决的事项",
    "turn_to": "受理该案的人民法院",
    "organ": _TOWN,
    "date": "2026-11-20",
}
_CONTACT = {
    "at": "2026-11-25T10:15",
    "way": "电话",
    "staff": ["陈立", "何㼆"],
    "check": "身份属实",
    "answer": "本人认可，愿意配合核实，暂无补充材料。",
    "organ": _OFFICE,
}
_PROPOSAL = {
    "proposal": "拟转仁义镇纪委初步核实，一个月内提出处置意见。",
    "opinions": ["材料具体，建议转镇纪委办理。", "同意。", "", ""],
    "where_to": "仁义镇纪委",
    "organ": _OFFICE,
}
_TRANSFER = {
    "mark": _OFFICE,
    "document": "桂信转〔2026〕18号",
    "method": "ASSIGN",
    "addressee": "中共桂阳县仁义镇纪律检查委员会",
    "summary": "上坊村2025年水渠维修款12万元使用去向不明、未公示。",
    "demand": "逐项核实资金收支，查明是否存在截留挪用；属于村务公开不到位的，督促限期公开。",
    "due": "2027-02-25",
    "attachments": ["信访材料复印件1份"],
    "organ": _OFFICE,
    "date": "2026-11-26",
    "contact": "陈立，0735-0000000",
}
_EXTENSION = {
    "accepted_at": "2026-11-20",
    "old_limit": "2027-01-19",
    "reason": "水渠现场需要县水利局作质量检测，检测报告预计1月下旬才能出具。",
    "days": 30,
    "new_limit": "2027-02-18",
    "handler_opinion": "检测为认定事实所必需，申请延长30日。",
    "head_opinion": "同意延长，请书面告知信访人理由。",
    "told": "2027年1月12日当面送达延期告知书，已说明理由。",
    "organ": _TOWN,
}
_ANSWER = {
    "document": "仁信复〔2027〕2号",
    "accepted_at": "2026-11-20",
    "claims": [
        {
            "claim": "请求在春耕前修复三组灌溉水渠",
            "facts": "经现场勘查，三组水渠垮塌两处共206米，2025年维修未覆盖该段。镇、村两级账目核对一致。",
            "basis": "本镇2026年度小型农田水利设施维修计划。",
            "outcome": "SUPPORT",
            "opinion": "列入2026年度维修计划，2027年3月15日前完工，由村务监督委员会验收。",
        },
        {
            "claim": "请求公开2025年维修资金收支",
            "facts": "2025年维修资金收支未在村务公开栏张贴。",
            "outcome": "SUPPORT",
            "opinion": "已于2026年12月8日在村务公开栏张贴全部收支明细。",
        },
    ],
    "review": "桂阳县人民政府",
    "organ": _TOWN,
    "date": "2027-01-15",
}
_SUPERVISION = {
    "document": "桂纪信督〔2027〕2号",
    "addressee": "中共桂阳县仁义镇纪律检查委员会",
    "assigned_at": "2026-11-26",
    "old_limit": "2027-02-25",
    "supervise_method": "LETTER",
    "supervise_reason": "OVERDUE",
    "demand": "请于答复期限内查清资金去向，书面报告核查情况，并说明超期原因。",
    "due": "2027-03-12",
    "signer": "何主任",
    "organ": "桂阳县纪委监委信访室",
    "date": "2027-03-02",
}
_PACKAGE = {
    "leader": "赵镇长",
    "post": "镇人民政府镇长",
    "team": ["李芳", "邓慧", "水利站何俊"],
    "plan": "一周内现场勘查，召开村民代表会确定维修段；春耕前完成维修，资金收支在村务公开栏张贴。",
    "due": "2027-03-15",
    "progress": "12月3日勘查完毕；12月8日公开2025年维修资金收支；12月20日开工。",
    "organ": _TOWN,
}
_FEEDBACK = {
    "at": "2027-01-20T15:30",
    "way": "当面",
    "staff": ["邓慧", "张明"],
    "told": "所反映的资金未公示问题属实，已责令限期公开并追究相关人员责任；未发现截留挪用。",
    "objection": "NONE",
    "organ": "中共桂阳县仁义镇纪律检查委员会",
}

_DELIVERY = {
    "title": "信访处理意见书",
    "document": "仁信复〔2027〕2号",
    "place": "桂阳县仁义镇上坊村三组",
    "way": "直接送达",
    "at": "2027-01-16T09:40",
    "organ": _TOWN,
}

HANDOVER: dict[str, Any] = {
    "number": "431021102-2026-A-00060-1",
    "to_unit": "431021",
    "date": "2026-11-26",
    "items": [
        {"number": "431021102-2026-A-00031-4", "name": "来访登记表、收据复印件", "copies": 1, "pages": 4},
        {"number": "431021102-2026-A-00033-0", "name": "接谈记录", "copies": 1, "pages": 2, "remark": "原件"},
    ],
}

_LINE = {
    "first_repeat": "FIRST",
    "problem_tag": "SANZI",
    "scope": "IN",
    "status": "HANDLING",
    "due": "2027-02-25",
    "trail": [{"step": "FORWARD", "at": "2026-11-26T10:00", "to_unit": "431021102", "method": "ASSIGN"}],
}

LEDGER: dict[str, Any] = {
    "period": "2026年11月",
    "cases": [ACCUSATION | _LINE, CLAIM | _LINE | {"problem_tag": "PROJECT", "status": "REPLIED"}],
}

MONTH: dict[str, Any] = {
    "period": "2026年11月",
    "partner": "桂阳县纪委监委信访室",
    "carried": 6,
    "new": 11,
    "closed": 9,
    "open": 8,
    "by_source": [{"term": "来访", "ours": 7, "theirs": 7}, {"term": "来信", "ours": 4, "theirs": 3}],
    "by_method": [{"term": "交办", "ours": 5, "theirs": 5}, {"term": "自办", "ours": 6, "theirs": 5}],
    "by_result": [{"term": "属实", "ours": 4, "theirs": 4}, {"term": "不实", "ours": 5, "theirs": 5}],
    "agreed": 10,
    "only_ours": ["431021102-2026-A-00058-7"],
    "explanation": "11月30日收到的来信1件，对方12月1日登记，列入下月。",
}

CASE_PAPERS = MappingProxyType(
    {
        "acceptance_notice": CLAIM | {"paper": _ACCEPTED},
        "rejection_notice": CLAIM | {"paper": _REJECTED},
        "realname_contact": ACCUSATION | {"paper": _CONTACT},
        "proposal_sheet": ACCUSATION | {"paper": _PROPOSAL},
        "transfer_letter": ACCUSATION | {"paper": _TRANSFER},
        "supervision_order": ACCUSATION | {"paper": _SUPERVISION},
        "leader_package": CLAIM | {"paper": _PACKAGE},
        "extension_approval": CLAIM | {"paper": _EXTENSION},
        "answer_letter": CLAIM | {"paper": _ANSWER},
        "realname_feedback": ACCUSATION | {"paper": _FEEDBACK},
        "delivery_receipt": CLAIM | {"paper": _DELIVERY},
        "handover_list": HANDOVER,
        "ledger": LEDGER,
        "reconciliation": MONTH,
    }
)
