"""The input shape of every kind that is recorded by hand, fields in the order of their paper form."""

from types import MappingProxyType

from desktop.services.inputs.shape import InputField, Shape, many, one, plain
from sync.domain.loop_records import Interview, QuestionAnswer, Rating, ReturnVisit
from sync.domain.records import Accused, Case, Finding, Household, Identity, Reception, Visit

VISIT_RECORD, REGISTER, RECEIPT, SEALED = "visit_record", "reception_register", "reception_receipt", "sealed_handover"
STAY = "stay_summary"

HOUSEHOLD = Shape(
    (
        plain(Household, "name", VISIT_RECORD),
        plain(Household, "sex"),
        plain(Household, "age", VISIT_RECORD),
        plain(Household, "family", VISIT_RECORD),
        plain(Household, "address"),
        plain(Household, "phone"),
        plain(Household, "note"),
    )
)

_FINDING_FIELDS = (
    plain(Finding, "text", VISIT_RECORD, STAY),
    plain(Finding, "outcome", VISIT_RECORD, STAY),
    plain(Finding, "problem_tag"),
    plain(Finding, "responsible", VISIT_RECORD),
    plain(Finding, "due", VISIT_RECORD),
)
VISIT_FINDING = Shape(_FINDING_FIELDS)
FINDING = Shape((plain(Finding, "visit"), *_FINDING_FIELDS, plain(Finding, "case")))

VISIT = Shape(
    (
        plain(Visit, "contact_mode", VISIT_RECORD, STAY),
        plain(Visit, "started_at", VISIT_RECORD, STAY),
        plain(Visit, "ended_at", VISIT_RECORD, STAY),
        plain(Visit, "village", VISIT_RECORD, STAY),
        plain(Visit, "group"),
        plain(Visit, "visitors", VISIT_RECORD, STAY),
        plain(Visit, "alone_reason"),
        plain(Visit, "company"),
        plain(Visit, "unannounced"),
        many("households", HOUSEHOLD, VISIT_RECORD, STAY),
        plain(Visit, "background"),
        plain(Visit, "problems"),
        plain(Visit, "suggestions"),
        plain(Visit, "solved"),
        many("findings", VISIT_FINDING, VISIT_RECORD, STAY),
        plain(Visit, "summary", VISIT_RECORD),
        plain(Visit, "reflection"),
        plain(Visit, "signature_declined"),
    )
)

IDENTITY = Shape(
    (
        plain(Identity, "identity", REGISTER),
        plain(Identity, "complainant_type"),
        plain(Identity, "name", REGISTER),
        plain(Identity, "sex", REGISTER),
        plain(Identity, "age", REGISTER),
        plain(Identity, "ethnicity", REGISTER),
        plain(Identity, "political_status", REGISTER),
        plain(Identity, "id_number", REGISTER),
        plain(Identity, "phone", REGISTER),
        plain(Identity, "address", REGISTER),
        plain(Identity, "workplace"),
    )
)

ACCUSED = Shape(
    (
        plain(Accused, "name", REGISTER),
        plain(Accused, "unit", REGISTER, source="workplace", required=False),
        plain(Accused, "post", REGISTER),
        plain(Accused, "level", REGISTER),
        plain(Accused, "managed_by", REGISTER),
        plain(Accused, "organisation"),
        plain(Accused, "unit_code"),
    )
)
ACCUSED_NAMES = MappingProxyType({"unit": "workplace"})
"""Names of the accused's input where the record calls the field otherwise."""

MANAGED_BY = plain(Accused, "managed_by")


def _matter() -> tuple[InputField, ...]:
    return (
        plain(Case, "nature", REGISTER),
        plain(Case, "problem_tag"),
        plain(Case, "discipline"),
        plain(Case, "title", REGISTER),
        plain(Case, "content", REGISTER),
        plain(Case, "claim", REGISTER),
    )


RECEPTION = Shape(
    (
        MANAGED_BY,
        plain(Reception, "received_at", REGISTER, RECEIPT, SEALED),
        plain(Reception, "contact_mode"),
        plain(Reception, "place", REGISTER, RECEIPT),
        one("complainant", IDENTITY, REGISTER),
        plain(Reception, "people", REGISTER),
        plain(Reception, "representatives"),
        plain(Reception, "first_repeat", REGISTER),
        plain(Case, "repeats"),
        plain(Reception, "skip_level"),
        plain(Reception, "told_before"),
        plain(Reception, "told_result"),
        many("accused", ACCUSED, REGISTER),
        *_matter(),
        plain(Reception, "materials", REGISTER),
        plain(Reception, "receiver", REGISTER, RECEIPT),
        plain(Reception, "proposal"),
        plain(Reception, "leader_note"),
        plain(Reception, "went_to"),
        plain(Reception, "signature_declined"),
        plain(Reception, "agent"),
        plain(Reception, "agent_authority"),
        plain(Reception, "remark"),
        plain(Case, "external_number"),
        plain(Case, "village"),
        plain(Case, "urgency"),
        plain(Reception, "secrecy"),
        plain(Reception, "envelope_number", SEALED),
        plain(Reception, "handed_to", SEALED),
    )
)

CASE = Shape(
    (
        MANAGED_BY,
        plain(Case, "external_number"),
        plain(Case, "source_channel"),
        plain(Case, "upper_kind"),
        plain(Case, "received_at"),
        one("complainant", IDENTITY),
        plain(Case, "first_repeat"),
        plain(Case, "repeats"),
        many("accused", ACCUSED),
        *_matter(),
        plain(Case, "scope"),
        plain(Case, "village"),
        plain(Case, "urgency"),
        plain(Case, "secrecy"),
        plain(Case, "reply"),
        plain(Case, "replied_at"),
        plain(Case, "remark"),
        plain(Reception, "envelope_number", SEALED),
        plain(Reception, "handed_to", SEALED),
    )
)

SEALED_STUB = Shape(
    (
        plain(Reception, "received_at", SEALED),
        plain(Reception, "envelope_number", SEALED),
        plain(Reception, "handed_to", SEALED),
    )
)
"""All that may be kept of a sealed matter."""

_INTERVIEW, _REVISIT, _SATISFACTION = "interview_record", "revisit_record", "satisfaction_form"

# A record of the loop hangs on a case, named by itself or by the reception that made it.
INTERVIEW = Shape(
    (
        plain(Interview, "case"),
        plain(Interview, "reception", source="case"),
        plain(Interview, "interview_kind", _INTERVIEW),
        plain(Interview, "started_at", _INTERVIEW),
        plain(Interview, "ended_at", _INTERVIEW),
        plain(Interview, "place", _INTERVIEW),
        plain(Interview, "interviewers", _INTERVIEW),
        plain(Interview, "alone_reason"),
        plain(Interview, "recorder", _INTERVIEW),
        plain(Interview, "interpreter"),
        plain(Interview, "interviewee"),
        plain(Interview, "person"),
        plain(Interview, "person_facts", _INTERVIEW),
        plain(Interview, "notices", _INTERVIEW),
        many(
            "questions",
            Shape((plain(QuestionAnswer, "question", _INTERVIEW), plain(QuestionAnswer, "answer", _INTERVIEW))),
            _INTERVIEW,
        ),
        plain(Interview, "recorded"),
        plain(Interview, "signature_declined"),
        plain(Interview, "remark"),
    )
)

RETURN_VISIT = Shape(
    (
        plain(ReturnVisit, "case", required=False),
        plain(ReturnVisit, "reception", required=False, source="case"),
        plain(ReturnVisit, "visited_at", _REVISIT),
        plain(ReturnVisit, "contact_mode", _REVISIT),
        plain(ReturnVisit, "staff", _REVISIT),
        plain(ReturnVisit, "answer_received", _REVISIT),
        plain(ReturnVisit, "promise_kept", _REVISIT),
        plain(ReturnVisit, "manner", _REVISIT),
        plain(ReturnVisit, "opinion", _REVISIT),
        plain(ReturnVisit, "satisfaction", _REVISIT),
        plain(ReturnVisit, "rework", _REVISIT),
        plain(ReturnVisit, "unreached_reason"),
        plain(ReturnVisit, "signature_declined"),
        plain(ReturnVisit, "remark"),
    )
)

RATING = Shape(
    (
        plain(Rating, "case"),
        plain(Rating, "reception", source="case"),
        plain(Rating, "rated_at"),
        plain(Rating, "timely", _SATISFACTION),
        plain(Rating, "manner", _SATISFACTION),
        plain(Rating, "lawful", _SATISFACTION),
        plain(Rating, "open", _SATISFACTION),
        plain(Rating, "result", _SATISFACTION),
        plain(Rating, "overall", _SATISFACTION),
        plain(Rating, "suggestions"),
    )
)

SHAPES = MappingProxyType(
    {
        "Visit": VISIT,
        "Finding": FINDING,
        "Reception": RECEPTION,
        "Case": CASE,
        "Interview": INTERVIEW,
        "ReturnVisit": RETURN_VISIT,
        "Rating": RATING,
    }
)
"""Shapes that ``record`` takes."""

CORRECTABLE = MappingProxyType({**SHAPES, "Accused": ACCUSED})
"""Shapes that ``correct`` takes; fields of a record that are written once are refused there by their facet."""
