"""Form 7, 实名受理告知记录单: that a real-name petitioner was told of the acceptance, by two of the petition office.

It promises no result and names nobody: the case stands by its number.
"""

from dataclasses import dataclass

from desktop.forms.case_paper import open_paper, real_name_mark
from desktop.forms.form import Form
from desktop.forms.sheet import tick
from desktop.forms.table import Row, Section, label, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_MOMENT, PrintContext, Readout, labelled, moment, text

_WAYS = ("当面", "电话", "书面", "网络")
_CHECKS = ("身份属实", "身份不实", "冒用他人名义", "未能核实")
_TOLD = "已告知：举报收到并受理；按规定办理；对身份和举报内容保密；可以补充材料。未对结果作任何承诺。"


def tick_words(words: tuple[str, ...], chosen: str = "") -> str:
    """Words with tick boxes; one that is not among them is added."""
    listed = (*words, chosen) if chosen and chosen not in words else words
    return "  ".join(tick(word == chosen, word) for word in listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RealnameContact:
    """The printable values; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    real_name: str = ""
    time: str = BLANK_MOMENT
    way: str = tick_words(_WAYS)
    staff: str = ""
    check: str = tick_words(_CHECKS)
    told: str = _TOLD
    answer: str = ""
    not_reached: str = ""


def read_contact(readout: Readout, context: PrintContext) -> RealnameContact:
    """The values of a Case with ``paper {at, way, staff, check, told, answer, not_reached}``."""
    paper = open_paper(readout, context)
    return RealnameContact(
        unit=paper.organ,
        number=paper.number,
        real_name=real_name_mark(readout),
        time=moment(paper.paper.get("at")) or BLANK_MOMENT,
        way=tick_words(_WAYS, paper.text("way")),
        staff=text(paper.paper, "staff"),
        check=tick_words(_CHECKS, paper.text("check")),
        told=paper.text("told") or _TOLD,
        answer=paper.text("answer"),
        not_reached=paper.text("not_reached"),
    )


def compose_contact(data: RealnameContact, blank: bool = False) -> TableForm:
    """Lay the record out."""
    signing = "签名：                              签名：                              年      月      日"
    rows = (
        Row((label("信访件编号"), value(data.number, 8), label("署名情况"), value(data.real_name, 4)), 32.0),
        Row((label("告知时间"), value(data.time, 15)), 32.0),
        Row((label("告知方式"), value(data.way, 15)), 32.0),
        Row((label("告知人员\n（2人）"), value(data.staff, 15)), 38.0),
        Row((label("身份核实结果"), value(data.check, 15)), 32.0),
        tall("告知内容", data.told, height=80.0),
        tall("举报人答复", data.answer, height=80.0),
        tall("未能告知\n的原因", data.not_reached, height=60.0, stretch=0.7),
        Row((label("告知人员\n签名"), value(signing, 15)), 60.0),
    )
    return TableForm(
        title="实名受理告知记录单",
        heads=(labelled("告知单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section(rows),),
        notes=("说明：由信访部门2名工作人员告知并签名；不得承诺办理结果。重复举报的，不再告知。",),
    )


REALNAME_CONTACT = Form(
    name="realname_contact",
    code="LD-07",
    title="实名受理告知记录单",
    about_kind="Case",
    empty=RealnameContact(),
    compose=compose_contact,
    read=read_contact,
)
