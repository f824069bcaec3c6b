"""Made-up records for every form, so that all sheets can be seen without a store. Nothing in them is real."""

from types import MappingProxyType
from typing import Any

from desktop.forms.form import PrintStamp
from desktop.forms.registry import find_blank_form, find_form
from desktop.forms.sample_readouts import CONTEXT, READOUTS
from sync.domain.ids import Instant

PRINTED_AT = Instant(1_795_500_000_000)
RECORD = "5a3b0c1d2e4f60718293a4b5c6d7e8f9"
BLANK_NUMBERS = ("431021102-2026-A-00101-1", "431021102-2026-A-00102-0")

SAMPLE_FORMS = tuple(READOUTS)
"""Names of all forms that have a sample."""


def sample_data(name: str) -> Any:
    """The data of a form's sample."""
    return find_form(name).from_readout(READOUTS[name], CONTEXT)


def sample_print(name: str) -> bytes:
    """A form filled with its sample."""
    number = str(READOUTS[name].get("number", ""))
    return find_form(name).render(sample_data(name), PrintStamp(record=RECORD, number=number, printed_at=PRINTED_AT))


def sample_blank(name: str) -> bytes:
    """Two blank sheets of a form."""
    return find_blank_form(name).blank(BLANK_NUMBERS, unit=CONTEXT.unit_name, printed_at=PRINTED_AT)


def sample_prints() -> MappingProxyType[str, bytes]:
    """All samples: ``FORM-filled`` and, where there is one, ``FORM-blank``."""
    prints: dict[str, bytes] = {}
    for name in SAMPLE_FORMS:
        prints[f"{name}-filled"] = sample_print(name)
        if find_form(name).has_blank:
            prints[f"{name}-blank"] = sample_blank(name)
    return MappingProxyType(prints)
