"""Form 8, 信访举报拟办单 / 阅批件: summary and proposal go up, opinions come down. Signed in the order of rank."""

from dataclasses import dataclass

from desktop.forms.accused import AccusedLine, accused_section, read_accused
from desktop.forms.case_paper import open_paper, real_name_mark
from desktop.forms.form import Form
from desktop.forms.table import Row, Section, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import PrintContext, Readout, code, labelled, options, text

_COUNTY = ("承办人意见", "信访室主任\n意见", "分管领导\n意见", "书记批示")
_TOWN = ("纪检干事\n意见", "乡镇纪委书记\n意见")
_COUNTY_CODE_LENGTH = 6
_SIGNED = "签名：                              年      月      日"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSheet:
    """The printable values; the defaults are a blank sheet. ``town``: two hands of the township sign."""

    unit: str = ""
    number: str = ""
    town: bool = False
    source: str = ""
    received: str = ""
    real_name: str = ""
    urgency: str = options("urgency")
    nature: str = options("nature")
    accused: tuple[AccusedLine, ...] = ()
    summary: str = ""
    proposal: str = ""
    opinions: tuple[str, ...] = ()
    where_to: str = ""


def read_proposal(readout: Readout, context: PrintContext) -> ProposalSheet:
    """The values of a Case with ``paper {summary, proposal, opinions [text in the order of signing], where_to}``."""
    paper = open_paper(readout, context)
    return ProposalSheet(
        unit=paper.organ,
        number=paper.number,
        town=len(text(readout, "unit")) > _COUNTY_CODE_LENGTH,
        source=code(readout, "source_channel", "source_channel"),
        received=paper.received,
        real_name=real_name_mark(readout),
        urgency=options("urgency", readout.get("urgency")),
        nature=options("nature", readout.get("nature")),
        accused=read_accused(readout, context),
        summary=paper.text("summary") or text(readout, "content") or text(readout, "title"),
        proposal=paper.text("proposal"),
        opinions=paper.names("opinions"),
        where_to=paper.text("where_to"),
    )


def compose_proposal(data: ProposalSheet, blank: bool = False) -> TableForm:
    """Lay the sheet out."""
    return TableForm(
        title="信访举报拟办单（阅批件）",
        heads=(labelled("呈报单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(
            Section(_particulars(data)),
            accused_section(data.accused, 2 if blank else 1),
            Section(
                (*_proposal(data), *_opinions(data), signed(tall("处理去向", data.where_to, height=28.0, stretch=0.3)))
            ),
        ),
    )


def _particulars(data: ProposalSheet) -> tuple[Row, ...]:
    return (
        Row((label("信访来源"), value(data.source, 6), label("收到日期"), value(data.received, 6)), 26.0),
        Row((label("署名情况"), value(data.real_name, 6), label("紧急程度"), value(data.urgency, 6)), 26.0),
        Row((label("问题性质"), value(data.nature, 15)), 26.0),
    )


def _proposal(data: ProposalSheet) -> tuple[Row, ...]:
    return (
        tall("主要问题\n摘要", data.summary, height=90.0, stretch=1.5),
        tall("拟办意见", data.proposal, height=50.0),
    )


def _opinions(data: ProposalSheet) -> tuple[Row, ...]:
    labels = _TOWN if data.town else _COUNTY
    given = (*data.opinions, *("" for _ in labels))[: max(len(labels), len(data.opinions))]
    named = (*labels, *("意见" for _ in range(len(given) - len(labels))))
    return tuple(tall(name, said, height=52.0, foot=_SIGNED) for name, said in zip(named, given, strict=True))


def _where_to(data: ProposalSheet) -> Row:
    return signed(tall("处理去向", data.where_to, height=28.0, stretch=0.3))


PROPOSAL_SHEET = Form(
    name="proposal_sheet",
    code="LD-08",
    title="信访举报拟办单",
    about_kind="Case",
    empty=ProposalSheet(),
    compose=compose_proposal,
    read=read_proposal,
)
