"""Form 19, 信访台账: one line for each case, landscape, complainants left out."""

from dataclasses import dataclass, fields

from desktop.forms.case_paper import real_name_mark
from desktop.forms.fonts import Face
from desktop.forms.form import Form
from desktop.forms.sheet import LEDGER
from desktop.forms.table import Cell, Row, Section
from desktop.forms.table_form import TableForm
from desktop.forms.typeset import Align, TextStyle
from desktop.forms.values import PrintContext, Readout, code, joined, labelled, text
from sync.domain.vocabularies import label as vocabulary_label

_HEAD = TextStyle(Face.HEADING, 7.0, 9.0, Align.CENTRE)
_CELL = TextStyle(Face.BODY, 6.5, 8.5)
_COLUMNS = (
    ("序号", 1.5),
    ("编号", 5.9),
    ("收到日期", 4.2),
    ("来源", 2.2),
    ("署名情况", 3.0),
    ("被反映人", 2.9),
    ("单位及职务", 3.8),
    ("级别", 2.6),
    ("主要问题", 7.0),
    ("类别", 2.4),
    ("内外", 2.3),
    ("初重", 2.3),
    ("方式", 2.3),
    ("去向", 2.8),
    ("转出日期", 4.2),
    ("办理期限", 4.2),
    ("承办人", 2.6),
    ("处置", 2.2),
    ("结果", 2.2),
    ("答复日期", 4.2),
    ("回访", 2.3),
    ("满意度", 2.5),
    ("状态", 2.8),
    ("备注", 2.4),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One case, its printable values in the order of the columns after the running number."""

    number: str = ""
    received: str = ""
    source: str = ""
    signed: str = ""
    accused: str = ""
    accused_unit: str = ""
    accused_level: str = ""
    summary: str = ""
    kind: str = ""
    scope: str = ""
    first_repeat: str = ""
    method: str = ""
    where_to: str = ""
    sent: str = ""
    limit: str = ""
    handler: str = ""
    disposition: str = ""
    result: str = ""
    answered: str = ""
    revisited: str = ""
    satisfaction: str = ""
    status: str = ""
    remark: str = ""


_VALUES = tuple(field.name for field in fields(LedgerLine))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The printable values: which unit, which period, the lines."""

    unit: str = ""
    period: str = ""
    lines: tuple[LedgerLine, ...] = ()


def read_ledger(readout: Readout, context: PrintContext) -> Ledger:
    """The values of ``{period, cases [Case as show prints it]}``."""
    lines = tuple(read_line(case, context) for case in readout.get("cases") or ())
    return Ledger(unit=context.unit_name, period=text(readout, "period"), lines=lines)


def read_line(case: Readout, context: PrintContext) -> LedgerLine:
    """One case's line; of several steps that say the same thing the last one counts."""
    steps = [step for step in case.get("trail") or () if step.get("effective", True)]
    said: dict[str, object] = {name: value for step in steps for name, value in step.items()}
    sent = [step for step in steps if step.get("to_unit")]
    accused = list(case.get("accused") or ())
    return LedgerLine(
        number=text(case, "number"),
        received=text(case, "received_at")[:10],
        source=code(case, "source_channel", "source_channel"),
        signed=real_name_mark(case),
        accused=joined((text(one, "name") for one in accused), "、"),
        accused_unit=joined((joined((text(one, "unit"), text(one, "post")), "") for one in accused), "、"),
        accused_level=joined((code(one, "level", "accused_level") for one in accused), "、"),
        summary=text(case, "title") or text(case, "content"),
        kind=code(case, "problem_tag", "problem_tag"),
        scope=code(case, "scope", "scope"),
        first_repeat=code(case, "first_repeat", "first_repeat"),
        method=code(said, "method", "transfer_method"),
        where_to=context.unit_label(text(sent[-1], "to_unit")) if sent else "",
        sent=text(sent[-1], "at")[:10] if sent else "",
        limit=text(case, "due")[:10],
        handler=text(said, "to_person"),
        disposition=code(said, "disposition", "disposition"),
        result=code(said, "result", "result"),
        answered=text(case, "replied_at")[:10],
        satisfaction=code(said, "satisfaction", "satisfaction"),
        revisited="是" if said.get("satisfaction") else "",
        status=vocabulary_label("case_status", text(case, "status")) if case.get("status") else "",
        remark=text(case, "remark"),
    )


def compose_ledger(data: Ledger, blank: bool = False) -> TableForm:
    """Lay the ledger out."""
    heads = Row(tuple(Cell(head, width, _HEAD) for head, width in _COLUMNS), 24.0)
    lines = data.lines if not blank else tuple(LedgerLine() for _ in range(14))
    return TableForm(
        title="信访台账",
        heads=(labelled("单位", data.unit or "                    "), labelled("期间", data.period)),
        sections=(Section(tuple(_row(index, line) for index, line in enumerate(lines, 1)), (heads,)),),
        geometry=LEDGER,
        stretch=False,
    )


def _row(index: int, line: LedgerLine) -> Row:
    values = (str(index), *(getattr(line, name) for name in _VALUES))
    cells = (Cell(found, width, _CELL) for found, (_, width) in zip(values, _COLUMNS, strict=True))
    return Row(tuple(cells), 24.0)


LEDGER_FORM = Form(
    name="ledger",
    code="LD-19",
    title="信访台账",
    about_kind="",
    empty=Ledger(),
    compose=compose_ledger,
    read=read_ledger,
)
