"""The official order names every field that ``record`` takes for a visit or a reception: none is left off the paper."""

from desktop.forms.order import official_orders
from desktop.services.inputs.template import template

NOT_FOR_PAPER = {
    "managed_by",  # asked before anything else; it stands with each accused
    "repeats",  # an id; the repeat itself is ticked
    "secrecy",  # decides which sheet is printed
    "envelope_number",  # sealed matters have their own sheet
    "handed_to",
}


def leaves(kind: str) -> list[str]:
    fields = [field.name for field in template(kind)]
    return [name for name in fields if not any(other.startswith((f"{name}.", f"{name}[].")) for other in fields)]


def test_every_field_of_a_visit_has_its_place_on_paper() -> None:
    ordered = {field.name for field in official_orders()["visit_record"].fields}
    assert set(leaves("Visit")) <= ordered


def test_every_field_of_a_reception_has_its_place_on_paper() -> None:
    ordered = {field.name for field in official_orders()["reception_register"].fields}
    assert set(leaves("Reception")) - NOT_FOR_PAPER <= ordered
