"""The input of one step: exactly the fields its row of the workflow table needs and takes, and when it happened."""

from collections.abc import Iterable
from typing import Any

from desktop.services.inputs.shape import InputField, Shape, many, plain, read_map
from desktop.services.inputs.values import Directory, tidy_latin
from sync.domain.declarations import facet_of
from sync.domain.errors import InvalidInput
from sync.domain.loop_records import Excuse
from sync.domain.records import Step

EXCUSE = Shape((plain(Excuse, "point"), plain(Excuse, "reason")))


def step_shape(needs: Iterable[str], takes: Iterable[str]) -> Shape:
    """The fields of a step, those it needs first; ``at`` stands before them and may be left out."""
    needed = tuple(needs)
    return Shape(
        (
            plain(Step, "at", required=False),
            *(_field(name, required=True) for name in needed),
            *(_field(name, required=False) for name in takes if name not in needed),
        )
    )


def read_step(needs: Iterable[str], takes: Iterable[str], data: object, directory: Directory) -> dict[str, Any]:
    """The checked values of a step as its record takes them. Raises InvalidInput naming the field."""
    values = read_map(step_shape(needs, takes), data, directory)
    if "units" in values:
        values["units"] = _units(values["units"], directory)
    if "excuses" in values:
        values["excuses"] = tuple(Excuse(**excuse) for excuse in values["excuses"])
    return values


def _field(name: str, *, required: bool) -> InputField:
    facet = facet_of(Step)[name]
    return many(name, EXCUSE) if facet.item is not None else InputField(name, facet, required)


def _units(given: Iterable[str], directory: Directory) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(tidy_latin(code) for code in given))
    for index, code in enumerate(codes):
        if not directory.has_unit(code):
            raise InvalidInput("record.unknown_unit", field=f"units.{index}")
    return codes
