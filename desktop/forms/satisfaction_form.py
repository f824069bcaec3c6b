"""Form 16, 满意度评价表: filled in unseen and handed back sealed. Nothing on it leads back to a case or a person."""

from dataclasses import dataclass

from desktop.forms.form import Form
from desktop.forms.table import CENTRED, Cell, Row, Section, label, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import PrintContext, Readout, options, text

_ASPECTS = (
    ("timely", "办理是否及时"),
    ("manner", "态度是否热情"),
    ("lawful", "办理是否依法依规"),
    ("open", "过程是否公开"),
    ("result", "结果是否合理"),
)
_LEVELS = ("SATISFIED", "BASIC", "UNSATISFIED")
_NOTES = (
    "填写说明：1. 请在相应的方框内打“√”。可以不署名。",
    "2. 填好后请装入信封封口，投入意见箱或交回接待处。本表不编号、不附条码，不会用来查找填表人。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SatisfactionForm:
    """The printable values; no case, no number, no name. The defaults are a blank sheet."""

    unit: str = ""
    aspects: tuple[str, ...] = tuple(options("satisfaction", only=_LEVELS) for _ in _ASPECTS)
    overall: str = options("satisfaction", only=_LEVELS)
    suggestions: str = ""


def read_rating(readout: Readout, context: PrintContext) -> SatisfactionForm:
    """The values of a Rating: ``timely, manner, lawful, open, result, overall`` (satisfaction), ``suggestions``."""
    return SatisfactionForm(
        unit=context.unit_name,
        aspects=tuple(options("satisfaction", readout.get(name), only=_LEVELS) for name, _ in _ASPECTS),
        overall=options("satisfaction", readout.get("overall"), only=_LEVELS),
        suggestions=text(readout, "suggestions"),
    )


def compose_rating(data: SatisfactionForm, blank: bool = False) -> TableForm:
    """Lay the ratings out."""
    aspects = (
        Row((label(words, 5), Cell(ticks, 13, CENTRED)), 40.0, 0.2)
        for (_, words), ticks in zip(_ASPECTS, data.aspects, strict=True)
    )
    rows = (
        Row((label("办理单位", 5), Cell(data.unit, 13, CENTRED)), 36.0),
        *aspects,
        Row((label("总体评价", 5), Cell(data.overall, 13, CENTRED)), 40.0, 0.2),
        Row((label("意见建议", 5), value(data.suggestions, 13, top=True)), 120.0, 1.0),
    )
    return TableForm(title="信访工作满意度评价表", sections=(Section(rows),), notes=_NOTES)


SATISFACTION_FORM = Form(
    name="satisfaction_form",
    code="LD-16",
    title="信访工作满意度评价表",
    about_kind="Rating",
    empty=SatisfactionForm(),
    compose=compose_rating,
    read=read_rating,
    marked=False,
)
