"""Whether a request's changes can be echoed in one line: everything taken exactly as it was sent, nothing else new."""

from sync.protocol.messages import Mark
from sync.server.effects import Effects, RecordRow
from sync.server.feeds import COMMON
from sync.server.round import Round


def head_of_echo(done: Round, effects: Effects, unit: str) -> int:
    """The head of the unit's feed after the round, if what the round brought to it is what the sender wrote, as it was
    sent; 0 = it has to read the page."""
    if not done.as_sent:
        return 0
    written = {done.standing.records[key].revision for key in done.before}
    shown = {row.state.revision for row in effects.records if _stands_in(row, unit, done.standing.county)} & written
    for to, position, _, _, _, mark in effects.feed:
        if to in (unit, COMMON):
            if mark != Mark.BODY:
                return 0
            shown.add(position)
    return max(written) if shown == written else 0


def _stands_in(row: RecordRow, unit: str, county: str) -> bool:
    return row.home.county if unit == county else row.home.unit and row.state.unit == unit
