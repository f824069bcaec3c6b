"""The controlled vocabularies (domain page, section 3): ASCII codes with a Chinese and an English label.

Codes are added, never renamed or reused; an unknown code is shown as it is.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Term:
    """One code with its labels."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A named list of terms in their official order."""

    name: str
    terms: tuple[Term, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in official order."""
        return tuple(term.code for term in self.terms)

    def label(self, code: str, language: str = "zh") -> str:
        """The label of a code in ``zh`` or ``en``; an unknown code stands for itself."""
        for term in self.terms:
            if term.code == code:
                return term.zh if language == "zh" else term.en
        return code


def _vocabulary(name: str, *rows: tuple[str, str, str]) -> Vocabulary:
    return Vocabulary(name, tuple(Term(*row) for row in rows))


_ALL = (
    _vocabulary(
        "source_channel",
        ("LETTER", "来信", "Letter"),
        ("VISIT", "来访", "Visit"),
        ("PHONE", "来电", "Phone"),
        ("WEB", "网络举报", "Web"),
        ("VILLAGE_VISIT", "走访发现", "Found on a visit"),
        ("UPPER", "上级转办交办", "From above"),
        ("LEADER", "领导批示", "Leader’s note"),
        ("INSPECT", "巡视巡察移交", "Inspection"),
        ("AUDIT", "审计移送", "Audit"),
        ("DEPT", "其他部门移送", "Other department"),
        ("LOWER", "下级报送", "From below"),
        ("OTHER", "其他", "Other"),
    ),
    _vocabulary(
        "upper_kind",
        ("ASSIGN", "交办件", "Assigned"),
        ("MARKED", "重要标记转送件", "Marked important"),
        ("CONFID", "机要下转件", "Confidential"),
        ("NORMAL", "一般转送件", "Ordinary"),
    ),
    _vocabulary(
        "nature",
        ("ACCUSE", "检举控告", "Accusation"),
        ("APPEAL", "申诉", "Appeal against a sanction"),
        ("ADVICE", "意见建议", "Suggestion"),
        ("CLAIM", "申诉求决", "Claim"),
    ),
    _vocabulary(
        "scope",
        ("IN", "业务内", "In scope"),
        ("OUT", "业务外", "Out of scope"),
        ("MIXED", "内外交织", "Mixed"),
    ),
    _vocabulary(
        "identity",
        ("REAL", "实名", "Real name"),
        ("SIGNED_UNVERIFIED", "署名未核实", "Signed, unverified"),
        ("ANON", "匿名", "Anonymous"),
        ("JOINT", "联名", "Joint"),
        ("UNIT", "单位名义", "In the name of a unit"),
    ),
    _vocabulary(
        "first_repeat",
        ("FIRST", "初次", "First"),
        ("REPEAT", "重复", "Repeat"),
        ("FOLLOWUP", "补充材料", "Further material"),
    ),
    _vocabulary(
        "visit_form",
        ("SINGLE", "个体访", "Single"),
        ("GROUP", "集体访", "Group"),
        ("REPEAT", "重复访", "Repeat"),
        ("SKIP", "越级访", "Skip-level"),
    ),
    _vocabulary(
        "contact_mode",
        ("RECEIVE", "开门接访", "Walk-in"),
        ("APPOINT", "进门约访", "Appointment"),
        ("HOUSE", "登门走访", "House visit"),
        ("RETURN", "上门回访", "Return visit"),
        ("STAY", "入村蹲点", "Stay in the village"),
        ("SCREEN", "包村排查", "Village check"),
        ("GO_DOWN", "领导下访", "Leader’s visit"),
        ("TALK", "谈话", "Talk"),
        ("PHONE", "电话核实", "By phone"),
    ),
    _vocabulary(
        "finding_outcome",
        ("SOLVED", "现场解决", "Solved on the spot"),
        ("ANSWERED", "当场答复", "Answered on the spot"),
        ("FOLLOW", "需跟办", "To follow up"),
        ("CLUE", "问题线索", "Clue"),
        ("CASE", "转为信访件", "Made a case"),
    ),
    _vocabulary(
        "route",
        ("FIRST", "首责办", "First handler"),
        ("UPPER", "优先办", "Priority"),
        ("ESCALATE", "提级办", "Escalated"),
        ("BACKLOG", "包案办", "Leader’s package"),
        ("MIXED", "合力办", "Joint"),
        ("SENSITIVE", "指定办", "Designated"),
    ),
    _vocabulary(
        "clearing",
        ("TIMELY", "及时清", "Timely"),
        ("LIMITED", "限时清", "Within a limit"),
        ("INSTANT", "即时清", "At once"),
    ),
    _vocabulary(
        "transfer_method",
        ("DIRECT", "径送", "Sealed to the principal"),
        ("MOVE", "移送", "To own handling office"),
        ("FORWARD", "转送", "To a lower level"),
        ("ASSIGN", "交办", "Assign and report back"),
        ("OUT_TRANSFER", "转有关单位", "To another body"),
        ("RETURN", "退回", "Return"),
        ("SELF", "自办", "Handle ourselves"),
        ("ARCHIVE", "留存备查", "Keep on file"),
        ("REPORT", "呈报阅批", "Submit for approval"),
        ("REPLY", "当场答复", "Answer on the spot"),
    ),
    _vocabulary(
        "disposition",
        ("TALK_INQUIRY", "谈话函询", "Talk or written inquiry"),
        ("PRELIM", "初步核实", "Preliminary check"),
        ("SUSPEND", "暂存待查", "Kept for later"),
        ("CLOSE", "予以了结", "Concluded"),
        ("FILE", "拟立案", "To be filed"),
        ("SUSPEND5", "暂存", "Kept (before 2017)"),
        ("CLOSE5", "了结", "Concluded (before 2017)"),
    ),
    _vocabulary(
        "discipline",
        ("POLITICAL", "政治", "Political"),
        ("ORG", "组织", "Organisation"),
        ("INTEGRITY", "廉洁", "Integrity"),
        ("MASSES", "群众", "Masses"),
        ("WORK", "工作", "Work"),
        ("LIFE", "生活", "Life"),
        ("DUTY_ILLEGAL", "职务违法", "Illegal act in office"),
        ("DUTY_CRIME", "职务犯罪", "Crime in office"),
        ("NONE", "不涉及", "None"),
    ),
    _vocabulary(
        "problem_tag",
        ("SANZI", "农村三资", "Village assets"),
        ("SUBSIDY", "惠农补贴", "Farm subsidies"),
        ("LOWINCOME", "低保救助", "Low-income aid"),
        ("LAND", "土地征收流转", "Land"),
        ("HOUSESITE", "宅基地", "House sites"),
        ("PROJECT", "工程项目", "Works"),
        ("ELECTION", "换届选举", "Elections"),
        ("VILLAGE_AFFAIRS", "村务公开", "Village affairs"),
        ("RELIEF", "乡村振兴(扶贫)", "Rural revitalisation"),
        ("STYLE", "作风", "Conduct"),
        ("BRIBE", "贪污受贿", "Bribery"),
        ("ABUSE", "以权谋私", "Abuse of power"),
        ("RETALIATE", "打击报复", "Retaliation"),
        ("OTHER", "其他", "Other"),
    ),
    _vocabulary(
        "result",
        ("TRUE", "属实", "True"),
        ("PARTLY", "部分属实", "Partly true"),
        ("UNTRUE", "不实", "Untrue"),
        ("UNVERIFIED", "无法查证", "Cannot be verified"),
        ("NOT_ACCEPTED", "不予受理", "Not accepted"),
        ("WITHDRAWN", "撤回", "Withdrawn"),
        ("MERGED", "并案", "Joined to another case"),
    ),
    _vocabulary(
        "claim_outcome",
        ("SUPPORT", "支持", "Supported"),
        ("EXPLAIN", "解释说明", "Explained"),
        ("REJECT", "不予支持", "Not supported"),
        ("MEDIATED", "调解和解", "Mediated"),
    ),
    _vocabulary(
        "satisfaction",
        ("SATISFIED", "满意", "Satisfied"),
        ("BASIC", "基本满意", "Fairly satisfied"),
        ("UNSATISFIED", "不满意", "Not satisfied"),
        ("NO_COMMENT", "不作评价", "No comment"),
        ("UNREACHED", "联系不上", "Not reached"),
    ),
    _vocabulary(
        "feedback_objection",
        ("NONE", "无异议", "No objection"),
        ("OBJECT", "有异议", "Objects"),
        ("NEW_EVIDENCE", "提供新证据", "New evidence"),
    ),
    _vocabulary(
        "case_status",
        ("DRAFT", "草稿", "Draft"),
        ("REGISTERED", "已登记", "Registered"),
        ("CLASSIFIED", "已分类", "Classified"),
        ("SUBMITTED", "待阅批", "Awaiting approval"),
        ("ACCEPTED", "已受理", "Accepted"),
        ("NOT_ACCEPTED", "不予受理", "Not accepted"),
        ("TRANSFERRED", "已转出", "Sent on"),
        ("RECEIVED", "已接收", "Received"),
        ("HANDLING", "办理中", "Being handled"),
        ("RESULT", "待审结", "Result awaiting review"),
        ("REPLIED", "已答复", "Answered"),
        ("RETURN_VISIT", "待回访", "To be revisited"),
        ("RATED", "已评价", "Rated"),
        ("CLOSED", "已办结(销号)", "Closed"),
        ("REOPENED", "重新办理", "Reopened"),
        ("REVIEW", "复查", "Review"),
        ("REREVIEW", "复核", "Re-review"),
        ("ARCHIVED", "已归档", "Archived"),
        ("UNKNOWN", "需要新版本", "Needs a newer version"),
    ),
    _vocabulary(
        "complainant_type",
        ("VILLAGER", "村民", "Villager"),
        ("PARTY", "党员", "Party member"),
        ("CADRE", "干部", "Cadre"),
        ("STAFF", "职工", "Employee"),
        ("RETIREE", "离退休", "Retired"),
        ("TEACHER", "教师", "Teacher"),
        ("BUSINESS", "经营者", "Business owner"),
        ("UNIT", "单位", "Unit"),
        ("AGENT", "代理人", "Agent"),
        ("UNKNOWN", "不详", "Unknown"),
    ),
    _vocabulary(
        "accused_managed_by",
        ("CENTRE", "中管", "Centre"),
        ("PROV", "省管", "Province"),
        ("CITY", "市管", "City"),
        ("COUNTY", "县管", "County"),
        ("TOWN", "乡镇党委管理", "Town"),
        ("VILLAGE", "村(社区)干部", "Village cadre"),
        ("NOT_OVERSEEN", "非监察对象", "Not overseen"),
        ("UNKNOWN", "不清楚", "Not known"),
    ),
    _vocabulary(
        "accused_level",
        ("DEPT_BUREAU", "厅局级", "Department or bureau"),
        ("COUNTY_DIVISION", "县处级", "County or division"),
        ("TOWN_SECTION", "乡科级", "Town or section"),
        ("GENERAL", "一般干部", "Ordinary cadre"),
        ("VILLAGE_CADRE", "村(社区)干部", "Village cadre"),
        ("OTHER", "其他", "Other"),
    ),
    _vocabulary(
        "urgency",
        ("NORMAL", "平", "Ordinary"),
        ("URGENT", "急", "Urgent"),
        ("EXTRA", "特急", "Extra urgent"),
    ),
    _vocabulary(
        "secrecy",
        ("NORMAL", "内部", "Internal"),
        ("PROTECTED", "身份保护", "Protected identity"),
        ("SEALED", "密封径送", "Sealed"),
    ),
    _vocabulary(
        "supervise_method",
        ("ONSITE", "实地", "On site"),
        ("CALL", "电话", "By phone"),
        ("LETTER", "发函", "By letter"),
        ("REPORT", "汇报", "Report"),
        ("TALK", "约谈", "Talk"),
        ("JOINT", "联合", "Joint"),
        ("LISTED", "挂牌", "Listed"),
    ),
    _vocabulary(
        "supervise_reason",
        ("OVERDUE", "超期", "Overdue"),
        ("NOT_RECEIVED", "未接收", "Not received"),
        ("NOT_STARTED", "未启动", "Not started"),
        ("FAKE", "弄虚作假", "Falsified"),
        ("UNSATISFIED", "不满意", "Not satisfied"),
        ("REPEAT", "重复", "Repeat"),
        ("LEADER", "领导要求", "Leader’s request"),
    ),
    _vocabulary(
        "org_kind",
        ("CENTRE", "中央", "Centre"),
        ("PROVINCE", "省", "Province"),
        ("CITY", "市", "City"),
        ("COUNTY", "县", "County"),
        ("TOWN", "乡镇街道", "Town"),
        ("VILLAGE", "村(社区)", "Village"),
        ("DEPT", "部门", "Department"),
        ("STATIONED", "派驻机构", "Stationed body"),
        ("INSPECTION", "巡察机构", "Inspection body"),
    ),
    _vocabulary(
        "sex",
        ("M", "男", "Male"),
        ("F", "女", "Female"),
    ),
    _vocabulary(
        "role",
        ("TOWN_SEC", "乡镇党委书记", "Town Party secretary"),
        ("TOWN_CDI", "乡镇纪委书记", "Town discipline secretary"),
        ("TOWN_OFFICE", "乡镇信访办", "Town petition office"),
        ("PACKAGE_LEADER", "包案领导", "Package leader"),
        ("CDI_STAFF", "纪检干事", "Discipline cadre"),
        ("RECEPTION", "接访员", "Reception clerk"),
        ("VILLAGE_COVER", "包村干部", "Village cadre in charge"),
        ("HANDLER", "承办人", "Handler"),
        ("COUNTY_HEAD", "信访室主任", "Head of the county petition office"),
        ("COUNTY_LEADER", "县纪委领导", "County discipline leader"),
        ("COUNTY_SUPERVISION", "监督检查室", "Supervision department"),
        ("COUNTY_OFFICE", "县信访室", "County petition office"),
        ("COUNTY_CSM", "县案管室", "County case supervision office"),
        ("AUDITOR", "审计员", "Auditor"),
        ("ADMIN", "系统管理员", "System administrator"),
    ),
    _vocabulary(
        "step",
        ("REGISTER", "登记", "Register"),
        ("FORWARD", "转送", "Forward"),
        ("RECEIVE", "接收", "Receive"),
        ("RETURN", "退回", "Return"),
    ),
    _vocabulary(
        "closing_point",
        ("RECEIVED", "接收", "Received"),
        ("STARTED", "启动办理", "Started"),
        ("RESULT", "办理结果", "Result"),
        ("ANSWERED", "答复", "Answered"),
        ("NOTICE", "实名受理告知", "Acceptance told to a real-name accuser"),
        ("FEEDBACK", "实名反馈", "Result told to a real-name accuser"),
        ("REVISITED", "回访", "Revisited"),
        ("RATED", "评价", "Rated"),
        ("CLARIFIED", "澄清", "Clarified"),
        ("SUPERVISION", "督办答复", "Supervision answered"),
    ),
)

VOCABULARIES = MappingProxyType({vocabulary.name: vocabulary for vocabulary in _ALL})
"""Every vocabulary by name."""


def label(vocabulary: str, code: str, language: str = "zh") -> str:
    """The label of ``code`` in the named vocabulary."""
    return VOCABULARIES[vocabulary].label(code, language)
