"""Form 20, 月度汇总表 / 对账单: both sides' numbers of a month. 上月结存 + 本月新收 − 本月办结 = 月末结存 must hold."""

from dataclasses import dataclass

from desktop.forms.errors import FormError
from desktop.forms.form import Form
from desktop.forms.table import Row, Section, centred, grid, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import PrintContext, Readout, joined, labelled, text

_SIGNED = "（印章）\n签名：                年     月     日"
_GROUPS = (("by_source", "来源"), ("by_method", "方式"), ("by_result", "结果"))


@dataclass(frozen=True, slots=True)
class CountedLine:
    """One line of a breakdown: what, its term, our count, theirs."""

    group: str = ""
    term: str = ""
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The printable values; the defaults are a blank sheet."""

    unit: str = ""
    partner: str = ""
    period: str = ""
    carried: str = ""
    new: str = ""
    closed: str = ""
    open: str = ""
    lines: tuple[CountedLine, ...] = ()
    agreed: str = ""
    only_ours: str = ""
    only_theirs: str = ""
    differing: str = ""
    explanation: str = ""


def read_reconciliation(readout: Readout, context: PrintContext) -> Reconciliation:
    """The values of ``{period, partner, carried, new, closed, open, by_source | by_method | by_result [{term, ours,
    theirs}], agreed, only_ours [numbers], only_theirs, differing, explanation}``.

    Raises FormError where the month does not come out.
    """
    _check(readout)
    lines = tuple(
        CountedLine(group, text(one, "term"), text(one, "ours"), text(one, "theirs"))
        for name, group in _GROUPS
        for one in readout.get(name) or ()
    )
    return Reconciliation(
        unit=context.unit_name,
        partner=text(readout, "partner"),
        period=text(readout, "period"),
        carried=text(readout, "carried"),
        new=text(readout, "new"),
        closed=text(readout, "closed"),
        open=text(readout, "open"),
        lines=lines,
        agreed=text(readout, "agreed"),
        only_ours=text(readout, "only_ours"),
        only_theirs=text(readout, "only_theirs"),
        differing=text(readout, "differing"),
        explanation=text(readout, "explanation"),
    )


def _check(readout: Readout) -> None:
    carried, new, closed, left = (int(readout.get(name) or 0) for name in ("carried", "new", "closed", "open"))
    if carried + new - closed != left:
        raise FormError("forms.month_does_not_balance", carried=carried, new=new, closed=closed, open=left)


def compose_reconciliation(data: Reconciliation, blank: bool = False) -> TableForm:
    """Lay the sheet out."""
    identity = (
        Row(tuple(label(name, 4.5) for name in ("上月结存", "本月新收", "本月办结", "月末结存")), 24.0),
        Row(tuple(centred(found, 4.5) for found in (data.carried, data.new, data.closed, data.open)), 28.0),
    )
    rows = [(line.group, line.term, line.ours, line.theirs) for line in data.lines]
    return TableForm(
        title="月度汇总表（对账单）",
        heads=(labelled("单位", data.unit or "                    "), labelled("期间", data.period)),
        sections=(
            Section((Row((label("对账双方"), value(joined((data.unit, data.partner), " 与 "), 15)), 26.0), *identity)),
            grid((1.5, 4.5, 6.0, 3.0, 3.0), ("序号", "分项", "类别", "我方", "对方"), rows, 8 if blank else 1),
            Section(_differences(data)),
        ),
        notes=("说明：上月结存 + 本月新收 − 本月办结 = 月末结存。双方逐件核对，不一致的须写明原因。",),
    )


def _differences(data: Reconciliation) -> tuple[Row, ...]:
    return (
        Row((label("一致件数"), value(data.agreed, 15)), 24.0),
        tall("仅我方有", data.only_ours, height=30.0, stretch=0.6),
        tall("仅对方有", data.only_theirs, height=30.0, stretch=0.6),
        tall("内容不一致", data.differing, height=30.0, stretch=0.6),
        tall("情况说明", data.explanation, height=40.0),
        signed(Row((label("我方"), value(_SIGNED, 6), label("对方"), value(_SIGNED, 6)), 64.0)),
    )


RECONCILIATION = Form(
    name="reconciliation",
    code="LD-20",
    title="月度汇总表",
    about_kind="",
    empty=Reconciliation(),
    compose=compose_reconciliation,
    read=read_reconciliation,
)
