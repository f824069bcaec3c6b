"""All verbs in the order of the help page. A new group is a new file in ``desktop.cli.verbs`` and a line here."""

from desktop.cli.verb import Verb
from desktop.cli.verbs import (
    attaching,
    carrying,
    casework,
    demo,
    enrolment,
    figures,
    guarding,
    heading,
    importing,
    keeping,
    printing,
    reading,
    records,
    settling,
)

VERBS: tuple[Verb, ...] = (
    *enrolment.VERBS,
    *records.VERBS,
    *casework.VERBS,
    *reading.VERBS,
    *attaching.VERBS,
    *figures.VERBS,
    *importing.VERBS,
    *carrying.VERBS,
    *settling.VERBS,
    *printing.VERBS,
    *heading.VERBS,
    *keeping.VERBS,
    *demo.VERBS,
    *guarding.VERBS,
)
