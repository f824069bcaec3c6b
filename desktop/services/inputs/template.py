"""The template of a kind: every input field in form order, with its type, vocabulary and the prints that need it."""

from desktop.services.inputs.kinds import SHAPES
from desktop.services.inputs.shape import InputField, Shape
from desktop.services.shapes import TemplateField
from sync.domain.errors import UsageError
from sync.domain.vocabularies import VOCABULARIES


def shape_of(kind: str) -> Shape:
    """The input shape of a kind that is recorded by hand. Raises UsageError (``record.no_such_kind``) for others."""
    if kind not in SHAPES:
        raise UsageError("record.no_such_kind", kind=kind, kinds=", ".join(SHAPES))
    return SHAPES[kind]


def template(kind: str) -> tuple[TemplateField, ...]:
    """All fields by dotted name; fields of a list of maps carry ``[]``: ``findings[].text``."""
    return rows_of(shape_of(kind))


def rows_of(shape: Shape) -> tuple[TemplateField, ...]:
    """All fields of a shape."""
    return tuple(_rows(shape, ""))


def missing_for_print(kind: str, form: str, values: dict[str, object]) -> tuple[str, ...]:
    """Fields that a print wants and the values lack (first level)."""
    return tuple(
        field.name
        for field in shape_of(kind).fields
        if form in field.forms and values.get(field.name) in (None, "", [])
    )


def _rows(shape: Shape, path: str) -> list[TemplateField]:
    rows: list[TemplateField] = []
    for field in shape.fields:
        rows.append(_row(field, path))
        if field.shape is not None:
            rows += _rows(field.shape, f"{path}{field.name}{'[]' if field.many else ''}.")
    return rows


def _row(field: InputField, path: str) -> TemplateField:
    facet = field.facet
    kind = ("list" if field.many else "map") if facet is None else facet.type.value
    vocabulary = facet.vocabulary if facet is not None else ""
    codes = VOCABULARIES[vocabulary].codes if vocabulary else ()
    return TemplateField(f"{path}{field.name}", kind, vocabulary, codes, field.required, field.forms)
