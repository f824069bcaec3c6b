"""Form 10, 督办单: which matter is late and by how much, why and how it is pressed, the answer."""

from dataclasses import dataclass
from datetime import date

from desktop.forms.case_paper import open_paper
from desktop.forms.form import Form
from desktop.forms.sheet import tick
from desktop.forms.table import Row, Section, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_DAY, PrintContext, Readout, code, day, labelled

_ISSUED = "签发人：                              年      月      日"
_ANSWERED = "答复单位（盖章）：                              年      月      日"
_STRUCK = "核销人：                              年      月      日"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionOrder:
    """The printable values; the defaults are a blank sheet."""

    organ: str = ""
    document: str = ""
    addressee: str = ""
    number: str = ""
    summary: str = ""
    assigned: str = BLANK_DAY
    old_limit: str = BLANK_DAY
    over: str = ""
    way: str = ""
    reason: str = ""
    demand: str = ""
    answer_by: str = BLANK_DAY
    signer: str = ""
    date: str = BLANK_DAY
    answer: str = ""
    struck_off: bool = False


def read_order(readout: Readout, context: PrintContext) -> SupervisionOrder:
    """The values of a Case with ``paper {document, addressee, summary, assigned_at, old_limit, supervise_method,
    supervise_reason, reason, demand, due, signer, date, answer}``."""
    paper = open_paper(readout, context)
    given = paper.paper
    reasons = (code(given, "supervise_reason", "supervise_reason"), paper.text("reason"))
    return SupervisionOrder(
        organ=paper.organ,
        document=paper.text("document"),
        addressee=paper.text("addressee") or context.unit_label(str(readout.get("holder") or "")),
        number=paper.number,
        summary=paper.summary,
        assigned=day(given.get("assigned_at")) or BLANK_DAY,
        old_limit=day(given.get("old_limit")) or BLANK_DAY,
        over=_days_over(given.get("old_limit"), given.get("date")),
        way=code(given, "supervise_method", "supervise_method"),
        reason="；".join(filter(None, reasons)),
        demand=paper.text("demand"),
        answer_by=day(given.get("due")) or BLANK_DAY,
        signer=paper.text("signer"),
        date=day(given.get("date")) or BLANK_DAY,
        answer=paper.text("answer"),
        struck_off=readout.get("status") in ("CLOSED", "ARCHIVED"),
    )


def compose_order(data: SupervisionOrder, blank: bool = False) -> TableForm:
    """Lay the order out."""
    over = f"{data.over or '      '} 日"
    struck = "  ".join((tick(data.struck_off, "已销号"), tick(False, "继续督办")))
    signer = f"签发人：{data.signer}          {data.date}" if data.signer else _ISSUED
    rows = (
        Row((label("主送单位"), value(data.addressee, 15)), 30.0),
        Row(
            (label("信访件编号"), value("" if blank else data.number, 6), label("交办日期"), value(data.assigned, 6)),
            30.0,
        ),
        Row((label("办理期限"), value(data.old_limit, 6), label("已超期"), value(over, 6)), 30.0),
        tall("主要反映", data.summary, height=56.0),
        Row((label("督办方式"), value(data.way, 6), label("督办原因"), value(data.reason, 6)), 40.0),
        tall("督办要求", data.demand, height=76.0, stretch=1.2, foot=signer),
        Row((label("答复期限"), value(data.answer_by, 15)), 30.0),
        tall("办理答复", data.answer, height=110.0, stretch=1.6, foot=_ANSWERED),
        signed(tall("核销", struck, height=50.0, stretch=0.4, foot=_STRUCK)),
    )
    return TableForm(
        title="信访举报督办单",
        heads=(labelled("督办机关", data.organ or "                    "), labelled("文号", data.document)),
        sections=(Section(rows),),
        notes=("说明：收到后在答复期限内书面答复；逾期未答复或答复不实的，提级办理或约谈。",),
    )


def _days_over(limit: object, on: object) -> str:
    """Days from the limit to the day of the order; empty where nothing is over, or a day is missing."""
    if not limit or not on:
        return ""
    over = (date.fromisoformat(str(on)[:10]) - date.fromisoformat(str(limit)[:10])).days
    return str(over) if over > 0 else "0"


SUPERVISION_ORDER = Form(
    name="supervision_order",
    code="LD-10",
    title="信访举报督办单",
    about_kind="Case",
    empty=SupervisionOrder(),
    compose=compose_order,
    read=read_order,
)
