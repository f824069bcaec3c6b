"""Carried along with a stick, 同步文件转递单: what is on it, in numbers, so that both ends can compare. No content.

It is about no record and has no blank sheet, so it stands outside the registry of forms about casework.
"""

from dataclasses import dataclass

from desktop.forms.form import Form
from desktop.forms.table import Row, Section, label, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import SIGNED_WHEN, labelled

_NOTES = (
    "说明：1. 文件已加密并签名，只有县里的服务器能打开；本单只记数目，不记内容。",
    "2. 县里接收后应核对代码和数目，把回复文件带回；本机收到回复前不会删除任何更改。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedSlip:
    """The printable values of a manifest."""

    unit: str = ""
    county: str = ""
    time: str = ""
    file: str = ""
    code: str = ""
    size: str = ""
    changes: str = ""
    kinds: str = ""
    device: str = ""
    digest: str = ""


def compose_slip(data: CarriedSlip, blank: bool = False) -> TableForm:
    """Lay the slip out."""
    rows = (
        Row((label("核对代码"), value(data.code, 15)), 40.0),
        Row((label("带往"), value(data.county, 15)), 32.0),
        Row((label("文件"), value(data.file, 15)), 32.0),
        Row((label("大小"), value(data.size, 15)), 32.0),
        Row((label("更改条数"), value(data.changes, 15)), 32.0),
        Row((label("其中记录"), value(data.kinds, 15)), 48.0),
        Row((label("设备"), value(data.device, 15)), 32.0),
        Row((label("文件摘要\nSHA-256"), value(data.digest, 15)), 48.0),
        Row((label("携带人\n签名"), value(SIGNED_WHEN, 15)), 76.0),
        Row((label("县里接收人\n签名"), value(SIGNED_WHEN, 15)), 76.0),
    )
    return TableForm(
        title="同步文件转递单",
        heads=(labelled("带出单位", data.unit), labelled("带出时间", data.time)),
        sections=(Section(rows),),
        notes=_NOTES,
        stretch=False,
    )


CARRIED_SLIP = Form(
    name="carried_slip",
    code="LD-40",
    title="同步文件转递单",
    about_kind="",
    empty=CarriedSlip(),
    compose=compose_slip,
    has_blank=False,
)
