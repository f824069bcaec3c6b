"""Form 7, 实名受理告知记录单: that a real-name petitioner was told of the acceptance, by two of the petition office.

It promises no result and names nobody: the case stands by its number.
"""

from dataclasses import dataclass

from desktop.forms.form import Form
from desktop.forms.realname_sheet import RealnameSheet, lay_out, read_sheet
from desktop.forms.table import Row, label, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import PrintContext, Readout, tick_words

_TITLE = "实名受理告知记录单"
_CHECKS = ("身份属实", "身份不实", "冒用他人名义", "未能核实")
_TOLD = "已告知：举报收到并受理；按规定办理；对身份和举报内容保密；可以补充材料。未对结果作任何承诺。"
_NOTE = "说明：由信访部门2名工作人员告知并签名；不得承诺办理结果。重复举报的，不再告知。"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealnameContact(RealnameSheet):
    """The printable values; the defaults are a blank sheet."""

    check: str = tick_words(_CHECKS)
    told: str = _TOLD
    answer: str = ""
    not_reached: str = ""


def read_contact(readout: Readout, context: PrintContext) -> RealnameContact:
    """The values of a Case with ``paper {at, way, staff, check, told, answer, not_reached}``."""
    paper, shared = read_sheet(readout, context)
    return RealnameContact(
        check=tick_words(_CHECKS, paper.text("check")),
        answer=paper.text("answer"),
        not_reached=paper.text("not_reached"),
        **{**shared, "told": shared["told"] or _TOLD},
    )


def compose_contact(data: RealnameContact, blank: bool = False) -> TableForm:
    """Lay the record out."""
    rows = (
        Row((label("身份核实结果"), value(data.check, 15)), 32.0),
        tall("告知内容", data.told, height=80.0),
        tall("举报人答复", data.answer, height=80.0),
        tall("未能告知\n的原因", data.not_reached, height=60.0, stretch=0.7),
    )
    return lay_out(data, _TITLE, "告知", rows, blank=blank, unit="告知单位", signing=60.0, note=_NOTE)


REALNAME_CONTACT = Form(
    name="realname_contact",
    code="LD-07",
    title=_TITLE,
    about_kind="Case",
    empty=RealnameContact(),
    compose=compose_contact,
    read=read_contact,
)
