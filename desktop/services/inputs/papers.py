"""What may be typed for one letter or sheet about a case: the ``paper`` map of ``print FORM CASE --in``."""

from types import MappingProxyType
from typing import Any

from desktop.services.inputs.shape import InputField, Shape, many, read_map
from desktop.services.inputs.values import Directory
from sync.domain.declarations import Facet
from sync.domain.declarations import FieldType as F
from sync.domain.errors import InvalidInput, UsageError
from sync.domain.times import local_text

_LONGEST = 30
"""Days of an extension."""
_LETTER = ("document", "summary", "organ", "date:date", "signer", "document_mark", "another:boolean")
_TOLD = ("at:instant", "way", "staff:texts", "told:long_text", "organ")


def _fields(*names: str) -> tuple[InputField, ...]:
    """Fields of ``name`` (one line) or ``name:type``; a code names its vocabulary as type."""
    return tuple(_field(*name.split(":")) for name in names)


def _field(name: str, kind: str = "text") -> InputField:
    if kind in set(F):
        return InputField(name, Facet(F(kind)))
    return InputField(name, Facet(F.CODE, vocabulary=kind))


CLAIM = Shape(
    _fields("claim:long_text", "facts:long_text", "basis:long_text", "outcome:claim_outcome", "opinion:long_text")
)

PAPERS = MappingProxyType(
    {
        "acceptance_notice": Shape(_fields(*_LETTER, "petitioner", "body", "due:date", "how_to_ask")),
        "rejection_notice": Shape(
            _fields(*_LETTER, "petitioner", "reason:long_text", "provision:long_text", "turn_to")
        ),
        "realname_contact": Shape(_fields(*_TOLD, "check", "answer:long_text", "not_reached:long_text")),
        "proposal_sheet": Shape(
            _fields("summary:long_text", "proposal:long_text", "opinions:texts", "where_to", "organ")
        ),
        "transfer_letter": Shape(
            _fields(
                *_LETTER,
                "mark",
                "method:transfer_method",
                "addressee",
                "demand:long_text",
                "due:date",
                "attachments:texts",
                "contact",
            )
        ),
        "supervision_order": Shape(
            _fields(
                *_LETTER,
                "addressee",
                "assigned_at:date",
                "old_limit:date",
                "supervise_method:supervise_method",
                "supervise_reason:supervise_reason",
                "reason:long_text",
                "demand:long_text",
                "due:date",
                "answer:long_text",
            )
        ),
        "leader_package": Shape(
            _fields(
                "summary:long_text",
                "leader",
                "post",
                "team:texts",
                "plan:long_text",
                "due:date",
                "progress:long_text",
                "result_text:long_text",
                "resolved:boolean",
                "accepted_by",
                "organ",
            )
        ),
        "extension_approval": Shape(
            _fields(
                "accepted_at:date",
                "old_limit:date",
                "reason:long_text",
                "days:integer",
                "new_limit:date",
                "handler_opinion:long_text",
                "head_opinion:long_text",
                "told",
                "organ",
            )
        ),
        "answer_letter": Shape(
            (*_fields(*_LETTER, "petitioner", "accepted_at:date", "review", "contact"), many("claims", CLAIM))
        ),
        "realname_feedback": Shape(
            _fields(*_TOLD, "objection:feedback_objection", "objection_reason:long_text", "new_evidence:long_text")
        ),
        "delivery_receipt": Shape(
            _fields(
                "title",
                "document",
                "recipient",
                "place",
                "way",
                "at:instant",
                "deputy",
                "refusal:long_text",
                "remark:long_text",
                "organ",
            )
        ),
    }
)
"""Every form about a case that takes a paper."""


def paper_shape(form: str) -> Shape:
    """What may be typed for a form. Raises UsageError (``letters.no_paper``) for a form that takes nothing."""
    if form not in PAPERS:
        raise UsageError("letters.no_paper", form=form, forms=", ".join(PAPERS))
    return PAPERS[form]


def read_paper(form: str, data: object, directory: Directory) -> dict[str, Any]:
    """The checked paper as the form reads it: times as local text, lists as lists. Raises InvalidInput by field."""
    shape = paper_shape(form)
    values = read_map(shape, data, directory)
    for field in shape.fields:
        if field.facet is not None and field.facet.type is F.INSTANT and field.name in values:
            values[field.name] = local_text(values[field.name])
    if not 1 <= values.get("days", 1) <= _LONGEST:
        raise InvalidInput("record.out_of_range", field="days", low=1, high=_LONGEST)
    return values
