"""The persons or bodies complained about, as rows of a table."""

from dataclasses import astuple, dataclass

from desktop.forms.table import Section, grid
from desktop.forms.values import PrintContext, Readout, code, joined, text

_WIDTHS = (1.2, 3.0, 3.6, 3.0, 3.6, 3.6)
_HEADS = ("序号", "被反映人", "单位", "职务", "级别", "干部管理权限")


@dataclass(frozen=True, slots=True)
class AccusedLine:
    """One person or body complained about."""

    name: str = ""
    unit: str = ""
    post: str = ""
    level: str = ""
    managed_by: str = ""


def read_accused(readout: Readout, context: PrintContext) -> tuple[AccusedLine, ...]:
    """The accused of a reception or case."""
    return tuple(_line(one, context) for one in readout.get("accused") or ())


def _line(one: Readout, context: PrintContext) -> AccusedLine:
    body = "〔单位〕" if one.get("organisation") else ""
    unit_code = one.get("unit_code")
    known = context.unit_label(str(unit_code)) if unit_code else ""
    unit = text(one, "unit")
    return AccusedLine(
        name=text(one, "name") + body,
        unit=unit if known in unit else joined((unit, known), "\n"),
        post=text(one, "post"),
        level=code(one, "level", "accused_level"),
        managed_by=code(one, "managed_by", "accused_managed_by"),
    )


def accused_section(lines: tuple[AccusedLine, ...], least: int) -> Section:
    """The table of those complained about."""
    return grid(_WIDTHS, _HEADS, [astuple(line) for line in lines], least)
