"""Form 17, 领导包案表: one case, one leader, one plan, one team, one end."""

from dataclasses import dataclass

from desktop.forms.case_paper import open_paper
from desktop.forms.form import Form
from desktop.forms.sheet import tick
from desktop.forms.table import Row, Section, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_DAY, PrintContext, Readout, day, labelled

_LEADER = "包案领导签名：                              年      月      日"
_ACCEPTED = "验收人：                              年      月      日"
DONE = frozenset({"CLOSED", "ARCHIVED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderPackage:
    """The printable values; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    summary: str = ""
    leader: str = ""
    post: str = ""
    team: str = ""
    plan: str = ""
    limit: str = BLANK_DAY
    progress: str = ""
    result: str = ""
    resolved: bool | None = None
    accepted_by: str = ""


def read_package(readout: Readout, context: PrintContext) -> LeaderPackage:
    """The values of a Case with ``paper {leader, post, team, plan, due, progress, result_text, resolved, accepted_by,
    summary}``."""
    paper = open_paper(readout, context)
    given = paper.paper.get("resolved")
    return LeaderPackage(
        unit=paper.organ,
        number=paper.number,
        summary=paper.summary,
        leader=paper.text("leader") or str(readout.get("leader") or ""),
        post=paper.text("post"),
        team="、".join(paper.names("team")),
        plan=paper.text("plan"),
        limit=day(paper.paper.get("due")) or BLANK_DAY,
        progress=paper.text("progress"),
        result=paper.text("result_text"),
        resolved=given if isinstance(given, bool) else (True if readout.get("status") in DONE else None),
        accepted_by=paper.text("accepted_by"),
    )


def compose_package(data: LeaderPackage, blank: bool = False) -> TableForm:
    """Lay the sheet out."""
    resolved = "  ".join((tick(data.resolved is True, "已化解"), tick(data.resolved is False, "未化解")))
    accepted = f"验收人：{data.accepted_by}                    年      月      日" if data.accepted_by else _ACCEPTED
    rows = (
        Row((label("信访件编号"), value("" if blank else data.number, 15)), 30.0),
        tall("案由", data.summary, height=50.0, stretch=0.6),
        Row((label("包案领导"), value(data.leader, 6), label("职务"), value(data.post, 6)), 30.0),
        Row((label("工作专班"), value(data.team, 15)), 40.0),
        tall("化解方案", data.plan, height=90.0, stretch=1.2, foot=_LEADER),
        Row((label("化解期限"), value(data.limit, 6), label("是否化解"), value(resolved, 6)), 30.0),
        tall("工作进展", data.progress, height=100.0, stretch=1.4),
        signed(tall("办理结果", data.result, height=80.0, foot=accepted)),
    )
    return TableForm(
        title="领导包案化解信访事项登记表",
        heads=(labelled("单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section(rows),),
        notes=("说明：一个案件、一名领导、一套方案、一个专班、一包到底；包案领导调整的，另填一份，原表留存。",),
    )


LEADER_PACKAGE = Form(
    name="leader_package",
    code="LD-17",
    title="领导包案化解信访事项登记表",
    about_kind="Case",
    empty=LeaderPackage(),
    compose=compose_package,
    read=read_package,
)
