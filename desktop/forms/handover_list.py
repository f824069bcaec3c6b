"""Form 27, 移交清单: papers that go from one office to another, item by item, signed by both."""

from dataclasses import astuple, dataclass

from desktop.forms.form import Form
from desktop.forms.table import Row, Section, grid, label, signed, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import PrintContext, Readout, day, labelled, text

_SIGNED = "（印章）\n签名：                年     月     日"


@dataclass(frozen=True, slots=True)
class HandoverItem:
    """One paper: case or document number, what it is (no names), copies, pages, remark."""

    number: str = ""
    name: str = ""
    copies: str = ""
    pages: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverList:
    """The printable values; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    to_unit: str = ""
    date: str = ""
    items: tuple[HandoverItem, ...] = ()


def read_handover(readout: Readout, context: PrintContext) -> HandoverList:
    """The values of ``{number, to_unit, date, items [{number, name, copies, pages, remark}]}``."""
    names = ("number", "name", "copies", "pages", "remark")
    return HandoverList(
        unit=context.unit_name,
        number=text(readout, "number"),
        to_unit=context.unit_label(text(readout, "to_unit")),
        date=day(readout.get("date")),
        items=tuple(HandoverItem(*(text(one, name) for name in names)) for one in readout.get("items") or ()),
    )


def compose_handover(data: HandoverList, blank: bool = False) -> TableForm:
    """Lay the list out."""
    widths = (1.2, 5.4, 5.6, 1.4, 1.4, 3.0)
    heads = ("序号", "信访件编号或文号", "材料名称", "份数", "页数", "备注")
    particulars = (
        Row((label("移交单位"), value(data.unit, 15)), 26.0),
        Row((label("接收单位"), value(data.to_unit, 9), label("移交日期", 2.5), value(data.date, 3.5)), 26.0),
    )
    signatures = (label("移交人"), value(_SIGNED, 6), label("接收人"), value(_SIGNED, 6))
    return TableForm(
        title="移交清单",
        heads=(labelled("移交单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(
            Section(particulars),
            grid(widths, heads, [astuple(item) for item in data.items], 14),
            Section((signed(Row(signatures, 64.0)),)),
        ),
        notes=("说明：一式两份，移交、接收双方各存一份。材料名称中不写反映人姓名。",),
    )


HANDOVER_LIST = Form(
    name="handover_list",
    code="LD-27",
    title="移交清单",
    about_kind="",
    empty=HandoverList(),
    compose=compose_handover,
    read=read_handover,
)
