"""Form 4, 入村蹲点 / 包村排查汇总表: what a stay or a check in a village came to."""

from dataclasses import dataclass

from desktop.forms.form import Form
from desktop.forms.table import Row, Section, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import (
    BLANK_SPAN,
    PrintContext,
    Readout,
    code,
    joined,
    labelled,
    options,
    place,
    span,
    text,
)

_MODES = ("STAY", "SCREEN", "HOUSE", "RETURN", "GO_DOWN")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaySummary:
    """The printable values; each list is counted and itemised. The defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    mode: str = options("contact_mode", only=_MODES)
    village: str = ""
    cadres: str = ""
    time: str = BLANK_SPAN
    households: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    clues: tuple[str, ...] = ()
    solved: tuple[str, ...] = ()
    forwarded: tuple[str, ...] = ()
    filled: bool = False
    """Whether counts are printed (a record's 0 is a figure, a blank's is not)."""


def read_stay(readout: Readout, context: PrintContext) -> StaySummary:
    """The values of a Visit: households, and findings sorted by what became of them."""
    findings = list(readout.get("findings") or ())
    return StaySummary(
        unit=context.unit_name,
        number=text(readout, "number"),
        mode=options("contact_mode", readout.get("contact_mode"), only=_MODES),
        village=place(readout, "village", context),
        cadres=text(readout, "visitors"),
        time=span(readout.get("started_at"), readout.get("ended_at")) or BLANK_SPAN,
        households=tuple(_household(one) for one in readout.get("households") or ()),
        problems=tuple(_finding(one) for one in findings if one.get("outcome") in (None, "FOLLOW")),
        clues=tuple(_finding(one) for one in findings if one.get("outcome") == "CLUE"),
        solved=tuple(_finding(one) for one in findings if one.get("outcome") in ("SOLVED", "ANSWERED")),
        forwarded=tuple(_finding(one) for one in findings if one.get("outcome") == "CASE"),
        filled=True,
    )


def _household(one: Readout) -> str:
    return joined((text(one, "name"), text(one, "address")), " ")


def _finding(one: Readout) -> str:
    marks = (
        code(one, "problem_tag", "problem_tag"),
        labelled("责任人", text(one, "responsible")),
        labelled("时限", text(one, "due")),
    )
    said = joined(marks, "，")
    return text(one, "text") + (f"（{said}）" if said else "")


def compose_stay(data: StaySummary, blank: bool = False) -> TableForm:
    """Lay the summary out."""
    return TableForm(
        title="入村蹲点（包村排查）汇总表",
        heads=(labelled("填报单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section((*_particulars(data), *_results(data), *_signatures())),),
    )


def _particulars(data: StaySummary) -> tuple[Row, ...]:
    return (
        Row((label("方式"), value(data.mode, 15)), 28.0),
        Row((label("村（社区）"), value(data.village, 7), label("蹲点（包村）\n干部"), value(data.cadres, 5)), 34.0),
        Row((label("起止时间"), value(data.time, 15)), 28.0),
    )


def _results(data: StaySummary) -> tuple[Row, ...]:
    return (
        _counted("走访农户", "户", data.households, data.filled, "、"),
        _counted("发现问题", "个", data.problems, data.filled),
        _counted("问题线索", "条", data.clues, data.filled),
        _counted("现场解决\n或答复", "件", data.solved, data.filled),
        _counted("转为信访件\n（转办）", "件", data.forwarded, data.filled),
    )


def _counted(name: str, unit: str, items: tuple[str, ...], filled: bool, separator: str = "") -> Row:
    count = f"共 {len(items)} {unit}" if filled else f"共        {unit}"
    listed = separator.join(items) if separator else "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))
    return tall(name, joined((count, listed), "\n"), height=60.0)


def _signatures() -> tuple[Row, ...]:
    return (
        signed(Row((label("填表人"), value("", 6), label("审核人"), value("", 6)), 36.0)),
        signed(Row((label("备注"), value("", 15)), 30.0, 0.3)),
    )


STAY_SUMMARY = Form(
    name="stay_summary",
    code="LD-04",
    title="入村蹲点（包村排查）汇总表",
    about_kind="Visit",
    empty=StaySummary(),
    compose=compose_stay,
    read=read_stay,
)
