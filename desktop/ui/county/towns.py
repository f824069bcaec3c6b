"""The table of towns: last exchange, what is known to be under way, held, conflicts, quarantine, agreement."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.ui.widgets.surfaces import Pill, make_label
from desktop.ui.workplace import Workplace
from sync.domain.times import to_local
from sync.protocol.county_desk import TownRow

COUNTS = ("missing", "held", "conflicts", "quarantined", "behind")
_WORDS = {"conflicts": "conflict_count"}
"""Headings that have another word than the card of the same name."""
HEADINGS = ("town", "last_exchange", *COUNTS, "agreement")


def towns_table(place: Workplace, towns: tuple[TownRow, ...]) -> QWidget:
    """A grid of words, one row a town; those that need somebody first."""
    holder = QWidget()
    holder.setObjectName("county.towns")
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(1, 2)
    for column, name in enumerate(HEADINGS):
        grid.addWidget(
            make_label(place.say(f"county_page.{_WORDS.get(name, name)}"), "quiet", wrap=column in (0, 1)), 0, column
        )
    for number, town in enumerate(sorted(towns, key=_urgency), 1):
        _put_town(place, grid, number, town)
    return holder


def _put_town(place: Workplace, grid: QGridLayout, row: int, town: TownRow) -> None:
    grid.addWidget(make_label(town.name, wrap=True), row, 0)
    when = to_local(town.last_exchange).strftime("%m-%d %H:%M") if town.last_exchange else place.say("today.never")
    grid.addWidget(make_label(when, wrap=True), row, 1)
    for column, name in enumerate(COUNTS, 2):
        count = getattr(town, name)
        role = "strong" if count else "quiet"
        grid.addWidget(make_label(str(count) if count else "–", role), row, column, Qt.AlignmentFlag.AlignLeft)
    key, kind = _state(town)
    grid.addWidget(Pill(place.look, place.say(f"county_page.{key}"), kind), row, len(HEADINGS) - 1)


def _state(town: TownRow) -> tuple[str, str]:
    if not town.last_exchange:
        return "never", "plain"
    if town.held or town.missing:
        return "gap", "overdue"
    return ("current", "good") if town.agreed else ("not_read", "due")


def _urgency(town: TownRow) -> tuple[bool, bool, str]:
    waits = bool(town.held or town.missing or town.conflicts or town.quarantined)
    return not waits, town.agreed, town.unit
