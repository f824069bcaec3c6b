"""What the two sheets on a real-name petitioner share: which case, when and how somebody was told, by which two."""

from dataclasses import dataclass
from typing import Any

from desktop.forms.case_paper import CasePaper, open_paper, real_name_mark
from desktop.forms.table import Row, Section, label, signed, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_MOMENT, PrintContext, Readout, labelled, moment, tick_words

_WAYS = ("当面", "电话", "书面", "网络")
_TWO_SIGNED = "签名：                              签名：                              年      月      日"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealnameSheet:
    """The printable values of both; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    real_name: str = ""
    time: str = BLANK_MOMENT
    way: str = tick_words(_WAYS)
    staff: str = ""
    told: str = ""


def read_sheet(readout: Readout, context: PrintContext) -> tuple[CasePaper, dict[str, Any]]:
    """The paper, and the values both sheets have, ``told`` as it was typed."""
    paper = open_paper(readout, context)
    return paper, {
        "unit": paper.organ,
        "number": paper.number,
        "real_name": real_name_mark(readout),
        "time": moment(paper.paper.get("at")) or BLANK_MOMENT,
        "way": tick_words(_WAYS, paper.text("way")),
        "staff": paper.text("staff"),
        "told": paper.text("told"),
    }


def lay_out(
    data: RealnameSheet,
    title: str,
    doing: str,
    rows: tuple[Row, ...],
    *,
    blank: bool,
    unit: str,
    signing: float,
    note: str,
) -> TableForm:
    """The sheet: particulars, ``rows``, the two signatures ``signing`` points high. ``doing``: 告知 or 反馈."""
    particulars = (
        Row(
            (label("信访件编号"), value("" if blank else data.number, 8), label("署名情况"), value(data.real_name, 4)),
            32.0,
        ),
        Row((label(f"{doing}时间"), value(data.time, 15)), 32.0),
        Row((label(f"{doing}方式"), value(data.way, 15)), 32.0),
        Row((label(f"{doing}人员\n（2人）"), value(data.staff, 15)), 38.0),
    )
    signatures = signed(Row((label(f"{doing}人员\n签名"), value(_TWO_SIGNED, 15)), signing))
    return TableForm(
        title=title,
        heads=(labelled(unit, data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section((*particulars, *rows, signatures)),),
        notes=(note,),
    )
