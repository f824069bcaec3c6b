"""Every form by its name."""

from types import MappingProxyType
from typing import Any

from desktop.forms.acceptance_notice import ACCEPTANCE_NOTICE
from desktop.forms.answer_letter import ANSWER_LETTER
from desktop.forms.delivery_receipt import DELIVERY_RECEIPT
from desktop.forms.errors import FormError
from desktop.forms.extension_approval import EXTENSION_APPROVAL
from desktop.forms.form import Form
from desktop.forms.handover_list import HANDOVER_LIST
from desktop.forms.interview_record import INTERVIEW_RECORD
from desktop.forms.leader_package import LEADER_PACKAGE
from desktop.forms.ledger import LEDGER_FORM
from desktop.forms.proposal_sheet import PROPOSAL_SHEET
from desktop.forms.realname_contact import REALNAME_CONTACT
from desktop.forms.realname_feedback import REALNAME_FEEDBACK
from desktop.forms.reception_receipt import RECEPTION_RECEIPT
from desktop.forms.reception_register import RECEPTION_REGISTER
from desktop.forms.reconciliation import RECONCILIATION
from desktop.forms.rejection_notice import REJECTION_NOTICE
from desktop.forms.revisit_record import REVISIT_RECORD
from desktop.forms.satisfaction_form import SATISFACTION_FORM
from desktop.forms.sealed_handover import SEALED_HANDOVER
from desktop.forms.stay_summary import STAY_SUMMARY
from desktop.forms.supervision_order import SUPERVISION_ORDER
from desktop.forms.transfer_letter import TRANSFER_LETTER
from desktop.forms.visit_record import VISIT_RECORD

_ALL: tuple[Form[Any], ...] = (
    VISIT_RECORD,
    RECEPTION_REGISTER,
    INTERVIEW_RECORD,
    STAY_SUMMARY,
    ACCEPTANCE_NOTICE,
    REJECTION_NOTICE,
    REALNAME_CONTACT,
    PROPOSAL_SHEET,
    TRANSFER_LETTER,
    SUPERVISION_ORDER,
    EXTENSION_APPROVAL,
    ANSWER_LETTER,
    REALNAME_FEEDBACK,
    REVISIT_RECORD,
    SATISFACTION_FORM,
    LEADER_PACKAGE,
    LEDGER_FORM,
    RECONCILIATION,
    RECEPTION_RECEIPT,
    DELIVERY_RECEIPT,
    HANDOVER_LIST,
    SEALED_HANDOVER,
)

FORMS = MappingProxyType({form.name: form for form in _ALL})
"""Forms by name, in the order of their codes."""


def find_form(name: str) -> Form[Any]:
    """The form of that name. Raises FormError naming it where there is none."""
    if name not in FORMS:
        raise FormError("forms.unknown_form", value=name)
    return FORMS[name]


def find_blank_form(name: str) -> Form[Any]:
    """The form of that name if it has a blank sheet, else FormError."""
    form = find_form(name)
    if not form.has_blank:
        raise FormError("forms.no_blank", value=form.title)
    return form
