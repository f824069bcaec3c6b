"""Form 28, 密封径送交接单: that an envelope went from hand to hand. No content, no name of anyone complained about."""

from dataclasses import dataclass

from desktop.forms.errors import FormError
from desktop.forms.form import Form
from desktop.forms.table import Row, Section, label, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import BLANK_MOMENT, SIGNED_WHEN, PrintContext, Readout, labelled, moment, text

_STATE = "信封封口完好、骑缝签章清晰，编号与本单一致。交接双方均未拆阅、复制、登录封内材料。"
_NOTES = (
    "说明：1. 本单只记录交接，不记载封内材料的内容、反映人和被反映人。",
    "2. 一式两份，移交人、接收人各存一份。接收人须为收件机关指定的机要或信访人员。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedHandover:
    """The printable values of a sealed stub; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    time: str = BLANK_MOMENT
    envelope_number: str = ""
    handed_to: str = ""


def read_sealed(readout: Readout, context: PrintContext) -> SealedHandover:
    """The values of a sealed Reception. Raises FormError for one that is not sealed."""
    if readout.get("secrecy") != "SEALED":
        raise FormError("forms.not_sealed")
    return SealedHandover(
        unit=context.unit_name,
        number=text(readout, "number"),
        time=moment(readout.get("received_at")) or BLANK_MOMENT,
        envelope_number=text(readout, "envelope_number"),
        handed_to=text(readout, "handed_to"),
    )


def compose_sealed(data: SealedHandover, blank: bool = False) -> TableForm:
    """Lay the handover out."""
    rows = (
        Row((label("收件日期"), value(data.time, 15)), 36.0),
        Row((label("信封编号"), value(data.envelope_number, 15)), 36.0),
        Row((label("移交单位"), value(data.unit, 15)), 36.0),
        Row((label("接收机关\n（接收人）"), value(data.handed_to, 15)), 42.0),
        Row((label("密封情况"), value(_STATE, 15)), 48.0),
        Row((label("移交人\n签名"), value(SIGNED_WHEN, 15)), 84.0),
        Row((label("接收人\n签名"), value(SIGNED_WHEN, 15)), 84.0),
    )
    return TableForm(
        title="密封径送交接单",
        heads=(labelled("移交单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(Section(rows),),
        notes=_NOTES,
        stretch=False,
    )


SEALED_HANDOVER = Form(
    name="sealed_handover",
    code="LD-28",
    title="密封径送交接单",
    about_kind="Reception",
    empty=SealedHandover(),
    compose=compose_sealed,
    read=read_sealed,
)
